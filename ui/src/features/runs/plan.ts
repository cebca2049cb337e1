import type { Step } from "../../api/bindings";
import { runs as words } from "../../i18n/en";

/** An action of a workflow file, as far as a run's page needs it. */
export type Planned = { id: string; title: string };

type FileAction = { id?: unknown; type?: unknown; name?: unknown; enabled?: unknown };

/** The enabled actions of a workflow file in order. A file that is not as expected has none. */
export function plannedActions(file: unknown): Planned[] {
  const actions = (file as { actions?: unknown } | null | undefined)?.actions;
  if (!Array.isArray(actions)) return [];
  return (actions as FileAction[])
    .filter(({ enabled }) => enabled !== false)
    .flatMap(({ id, type, name }) =>
      typeof id === "string" ? [{ id, title: title(name, type) }] : [],
    );
}

/** What the run did not come to. */
export function unreached(planned: Planned[], steps: Step[]): Planned[] {
  const reached = new Set(steps.map(({ actionId }) => actionId));
  return planned.filter(({ id }) => !reached.has(id));
}

function title(name: unknown, type: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  return typeof type === "string" ? (words.stepTitles[type] ?? type) : "";
}
