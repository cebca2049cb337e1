import { useSearchParams } from "react-router";
import { Page, PageHeader } from "../../components/Card";
import { Segmented } from "../../components/Switch";
import { runs as words } from "../../i18n/en";
import { Refused } from "./Refused";
import { RunList } from "./RunList";

/** Runs, or the requests that made none. */
export function RunsPage() {
  const [params, setParams] = useSearchParams();
  const isRefused = params.get("view") === "refused";
  const view = (
    <Segmented
      bare
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
  if (!isRefused) return <RunList view={view} />;
  return (
    <Page>
      <PageHeader title={words.refused.title} lead={words.refused.lead} actions={view} />
      <Refused
        after={params.get("after") ?? ""}
        onPage={(after) => {
          setParams({ view: "refused", ...(after !== "" && { after }) });
        }}
      />
    </Page>
  );
}
