import type { WorkflowSummary } from "../api/bindings";
import type { Live } from "./live";

export type Receiving = Live | "refusing" | "paused" | "idle";

/** Nothing says "live" while deliveries are refused, or no workflow writes what comes in. */
export function receiving(
  live: Live,
  workflows: Pick<WorkflowSummary, "status" | "refusing">[] | undefined,
  isRefusing = false,
): Receiving {
  if (live !== "live") return live;
  if (isRefusing) return "refusing";
  if (!workflows) return live;
  const active = workflows.filter(({ status }) => status === "active");
  if (active.length > 0) {
    return active.every(({ refusing }) => refusing !== undefined) ? "refusing" : live;
  }
  return workflows.some(({ status }) => status === "paused") ? "paused" : "idle";
}
