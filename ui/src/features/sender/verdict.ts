import type { RunStatus } from "../../api/bindings";
import type { Scenario } from "./scenarios";

/** Whether what came is what should have come; a run that goes on may still turn out either way. */
export type Verdict = "asExpected" | "goingOn" | "otherAnswer" | "otherEnd";

const goingOn = new Set<RunStatus>(["queued", "running", "waiting", "inDoubt"]);

/** `ended`: where the run stands, if one was made and it is known. */
export function verdict(
  answer: { status: number; runId?: string },
  ended: RunStatus | undefined,
  expected: Scenario["expect"],
): Verdict {
  if (answer.status !== expected.answer) return "otherAnswer";
  if (expected.status === undefined) return "asExpected";
  if (answer.runId !== undefined && (ended === undefined || goingOn.has(ended))) return "goingOn";
  return ended === expected.status ? "asExpected" : "otherEnd";
}
