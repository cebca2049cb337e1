import { expect, test } from "vitest";
import type { Run, RunError, Step } from "../../api/bindings";
import { run, step } from "../../testing/samples";
import { heading } from "./heading";

const failed = step({ index: 1, status: "failed" });
const error: RunError = {
  step: "activity",
  code: "unknownMember",
  message: "iMIS has no member 99999.",
};

test("a run that jumped over steps does not claim all of them", () => {
  expect(heading(run("succeeded"), [step(), step()], 7, { missed: 4 })).toBe(
    "Done after 3 of 7 steps; the workflow passes over the others",
  );
});

test("a run of a paused workflow does not say that its turn comes", () => {
  expect(heading(run("queued"), [], 1, { isPaused: true })).toBe(
    "Waiting until the workflow is resumed",
  );
});

test.each<[Run, Step[], number, string]>([
  [
    run("failed", { error }),
    [step({ actionId: "validate" }), failed],
    3,
    "Failed at step 2 of 3: iMIS has no member 99999",
  ],
  [run("failed", { error }), [], 0, "Failed: iMIS has no member 99999"],
  [run("failed"), [failed], 2, "Failed at step 2 of 2: the reason was not kept"],
  [
    run("rejected", { error: { ...error, message: "eventCode is missing." } }),
    [],
    2,
    "Refused with 400: eventCode is missing",
  ],
  [run("succeeded"), [step()], 1, "Done: the step succeeded"],
  [run("succeeded"), [step()], 3, "Done: all 3 steps succeeded"],
  [run("stopped"), [step()], 3, "Stopped by a gate at step 1 of 3, as the workflow says"],
  [run("waiting", { waitingReason: "iMIS is away." }), [], 1, "Will try again: iMIS is away"],
  [run("waiting"), [], 1, "Will try again"],
  [run("held"), [], 1, "Needs you: it is not certain whether the record was written"],
  [run("queued"), [], 1, "Waiting for its turn"],
])("%#: %s", (given, steps, total, expected) => {
  expect(heading(given, steps, total)).toBe(expected);
});
