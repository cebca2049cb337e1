import type { WorkflowSummary } from "../api/bindings";
import type { Live } from "./live";

export type Receiving = Live | "refusing" | "paused" | "idle";

/** Nothing says "live" while deliveries are refused, or no workflow writes what comes in. */
export function receiving(
  live: Live,
  workflows: Pick<WorkflowSummary, "status">[] | undefined,
  isRefusing = false,
): Receiving {
  if (live === "live" && isRefusing) return "refusing";
  if (live !== "live" || !workflows || workflows.some(({ status }) => status === "active")) {
    return live;
  }
  return workflows.some(({ status }) => status === "paused") ? "paused" : "idle";
}
