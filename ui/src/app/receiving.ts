import type { WorkflowSummary } from "../api/bindings";
import type { Live } from "./live";

export type Receiving = Live | "paused" | "idle";

/** Nothing says "live" while no workflow writes what comes in. */
export function receiving(
  live: Live,
  workflows: Pick<WorkflowSummary, "status">[] | undefined,
): Receiving {
  if (live !== "live" || !workflows || workflows.some(({ status }) => status === "active")) {
    return live;
  }
  return workflows.some(({ status }) => status === "paused") ? "paused" : "idle";
}
