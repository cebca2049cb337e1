import { Pill } from "../../../../components/Pill";
import { workflows as words } from "../../../../i18n/en";
import { useOpened } from "../EditorContext";

/** What is not saved, not kept or not published yet. */
export function SavedState({
  dirty,
  kept,
  failed,
}: {
  dirty: boolean;
  kept: boolean;
  failed: boolean;
}) {
  const { id, detail } = useOpened();
  const workflow = detail?.workflow;
  if (failed) {
    return (
      <Pill tone="warn" icon="hand">
        {words.notKept}
      </Pill>
    );
  }
  if (dirty || id === undefined) {
    return (
      <Pill {...(id !== undefined && { tone: "busy" })} icon="pencil">
        {id === undefined ? words.notSaved : words.unsaved}
        {kept && <> · {words.kept}</>}
      </Pill>
    );
  }
  if (workflow && workflow.version > 0 && workflow.latestVersion > workflow.version) {
    return (
      <Pill tone="busy" icon="pencil">
        {words.unpublished(workflow.latestVersion)}
      </Pill>
    );
  }
  return null;
}
