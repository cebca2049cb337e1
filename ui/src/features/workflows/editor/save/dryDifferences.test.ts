import { expect, test } from "vitest";
import type { DryResult, DryRow } from "../../../../api/bindings";
import { dryCells, isMended, isNewFailure } from "./dryDifferences";

type Outcome = DryResult["outcome"];

const result = (outcome: Outcome, fields: Record<string, string>, error?: string): DryResult => ({
  outcome,
  ...(error !== undefined && { error }),
  steps: [
    {
      actionId: "i",
      name: "Insert Activity",
      type: "insertActivity",
      status: outcome === "failed" ? "failed" : "succeeded",
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    },
  ],
});

const row = (before: DryResult | null, after: DryResult): DryRow => ({
  runId: "r",
  receivedAt: "2026-05-27T09:15:00Z",
  before,
  after,
  changed: true,
});

const well = result("succeeded", { ID: "1", Note: "a" });

test.each<[string, DryRow, string[]]>([
  ["the same", row(well, well), []],
  [
    "a field",
    row(well, result("succeeded", { ID: "1", Note: "b" })),
    ["Insert Activity · Note: a > b"],
  ],
  [
    "a field more",
    row(well, result("succeeded", { ID: "1", Note: "a", UF1: "x" })),
    ["Insert Activity · UF1: - > x"],
  ],
  [
    "a failure",
    row(well, result("failed", { ID: "1", Note: "a" }, "ID is blank.")),
    ["Insert Activity, end: goes well > fails", "Reason: - > ID is blank."],
  ],
  ["never published", row(null, well), []],
])("%s", (_name, given, expected) => {
  expect(
    dryCells(given).map(
      ({ label, before, after }) => `${label}: ${before ?? "-"} > ${after ?? "-"}`,
    ),
  ).toEqual(expected);
});

test.each<[Outcome | null, Outcome, boolean, boolean]>([
  ["succeeded", "failed", true, false],
  ["stopped", "rejected", true, false],
  ["failed", "succeeded", false, true],
  ["failed", "rejected", false, false],
  [null, "failed", false, false],
])("%s, then %s", (before, after, fails, mended) => {
  const given = row(before && result(before, {}), result(after, {}));
  expect([isNewFailure(given), isMended(given)]).toEqual([fails, mended]);
});
