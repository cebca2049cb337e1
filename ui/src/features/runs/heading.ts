import type { Run, Step } from "../../api/bindings";
import { runs as words } from "../../i18n/en";

/**
 * Where a run stands, in one sentence. `total`: how many steps its workflow has; `missed`: how many of them it did
 * not come to; `isPaused`: the workflow takes deliveries and runs none.
 */
export function heading(
  run: Run,
  steps: Step[],
  total: number,
  { missed = 0, isPaused = false } = {},
): string {
  const { head } = words;
  const message = headline(run.error?.message ?? head.unknown);
  const at = stepNumber(run, steps);
  const all = Math.max(total, steps.length, at ?? 0);
  switch (run.status) {
    case "failed":
      return at === undefined ? head.failed(message) : head.failedAt(at, all, message);
    case "rejected":
      return head.rejected(message);
    case "succeeded":
      return missed > 0 ? head.succeededEarly(all - missed, all) : head.succeeded(all);
    case "stopped":
      return head.stopped(steps.length, all);
    case "waiting":
      return run.waitingReason == null
        ? head.waitingPlain
        : head.waiting(headline(run.waitingReason));
    case "held":
      return heldReason(run);
    case "queued":
      return isPaused ? head.queuedPaused : head.queued;
    case "running":
    case "inDoubt":
    case "cancelled":
      return head[run.status];
  }
}

/** A heading ends without a full stop; that nothing was written stands below it. */
function headline(sentence: string): string {
  return sentence.replace(` ${words.nothingWritten}`, "").replace(/\.$/, "");
}

function heldReason(run: Run): string {
  const reason = run.error?.message ?? run.waitingReason;
  return reason == null ? words.head.heldPlain : words.head.held(headline(reason));
}

/** The number, counted from 1, of the step that failed. */
export function stepNumber(run: Run, steps: Step[]): number | undefined {
  const failed =
    steps.find(({ actionId, status }) => actionId === run.error?.step && status !== "succeeded") ??
    steps.find(({ status }) => status === "failed");
  return failed && failed.index + 1;
}
