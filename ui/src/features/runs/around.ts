import type { Commands, Run } from "../../api/bindings";

export type Detail = Commands["run_get"]["response"];

/** What a step's view knows of the run that it is part of. */
export type Around = {
  run: Run;
  payload: unknown;
  /** Where the run's version writes; undefined while that is not known. */
  connection: string | undefined;
  /** Opens the payload to be run again; missing where that cannot be. */
  onEdit?: () => void;
  /** The same with another member in it. */
  onMember?: (id: string) => void;
};

export function isFinal({ status }: Run): boolean {
  return !["queued", "running", "waiting", "inDoubt", "held"].includes(status);
}
