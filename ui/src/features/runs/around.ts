import type { Run } from "../../api/bindings";

/** What a step's view knows of the run that it is part of. */
export type Around = {
  run: Run;
  payload: unknown;
  /** Where the run's version writes; undefined while that is not known. */
  connection: string | undefined;
  /** Opens the payload with another member in it; missing where the run cannot be run again. */
  onMember?: (id: string) => void;
};

export function isFinal({ status }: Run): boolean {
  return !["queued", "running", "waiting", "inDoubt", "held"].includes(status);
}
