import { expect, test } from "vitest";
import type { RunStatus } from "../../api/bindings";
import { verdict } from "./verdict";

const run = "r1";

test.each<[string, { status: number; runId?: string }, RunStatus | undefined, number, RunStatus?]>([
  ["asExpected", { status: 400 }, undefined, 400],
  ["asExpected", { status: 200, runId: run }, "succeeded", 200, "succeeded"],
  ["asExpected", { status: 400, runId: run }, "rejected", 400, "rejected"],
  ["goingOn", { status: 200, runId: run }, undefined, 200, "succeeded"],
  ["goingOn", { status: 200, runId: run }, "waiting", 200, "failed"],
  ["otherEnd", { status: 200, runId: run }, "failed", 200, "succeeded"],
  ["otherEnd", { status: 200 }, undefined, 200, "succeeded"],
  ["otherAnswer", { status: 401 }, undefined, 200, "succeeded"],
])("%s: %j %s, expected %s %s", (expected, answer, ended, wanted, status) => {
  expect(verdict(answer, ended, { answer: wanted, ...(status && { status }) })).toBe(expected);
});
