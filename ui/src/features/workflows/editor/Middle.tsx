import { useSearchParams } from "react-router";
import { Segments } from "../../../components/Segments";
import { workflows as words } from "../../../i18n/en";
import { Canvas } from "./canvas/Canvas";
import styles from "./Editor.module.css";
import { StepList } from "./steps/StepList";

type View = (typeof words.views)[number]["id"];

const kept = "ihook.editor.view";

/** The steps, as a drawing or as a list. The one chosen last is the one shown first next time. */
export function Middle() {
  const [params, setParams] = useSearchParams();
  const wanted = params.get("view") ?? localStorage.getItem(kept);
  const view: View = wanted === "list" ? "list" : "canvas";
  return (
    <div className={styles.steps}>
      <div className={styles.views}>
        <Segments
          label={words.viewOf}
          options={words.views}
          value={view}
          onChange={(chosen) => {
            localStorage.setItem(kept, chosen);
            setParams(
              (old) => {
                old.set("view", chosen);
                return old;
              },
              { replace: true },
            );
          }}
        />
      </div>
      {view === "list" ? <StepList /> : <Canvas />}
    </div>
  );
}
