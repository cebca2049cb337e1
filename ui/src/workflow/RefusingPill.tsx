import type { WorkflowSummary } from "../api/bindings";
import { Pill } from "../components/Pill";
import { common } from "../i18n/en";

/** Beside the state of a workflow: it is active, and takes nothing all the same. */
export function RefusingPill({ workflow: { refusing } }: { workflow: WorkflowSummary }) {
  if (refusing === undefined) return null;
  return (
    <Pill tone="bad" icon="cross">
      {common.refuses}
    </Pill>
  );
}
