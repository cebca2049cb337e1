import { useSearchParams } from "react-router";
import { Segments } from "../../components/Segments";
import { runs as words } from "../../i18n/en";
import { RefusedList } from "./refused/RefusedList";
import { RunList } from "./RunList";

/** Runs, or the requests that made none. */
export function RunsPage() {
  const [params, setParams] = useSearchParams();
  const isRefused = params.get("view") === "refused";
  const view = (
    <Segments
      label={words.view}
      value={isRefused ? "refused" : "runs"}
      onChange={(next) => {
        setParams(next === "refused" ? { view: next } : {});
      }}
      options={[
        { id: "runs", label: words.views.runs },
        { id: "refused", label: words.views.refused },
      ]}
    />
  );
  return isRefused ? <RefusedList view={view} /> : <RunList view={view} />;
}
