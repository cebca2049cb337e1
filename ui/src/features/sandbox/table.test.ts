import { expect, test } from "vitest";
import { newFault, readFaults } from "./faultKinds";
import { columnsOf } from "./table";

const row = (...names: string[]) => ({
  key: "1",
  values: names.map((name) => ({ name, value: "x" })),
});

test.each([
  [
    [row("SEQN", "PartyId", "ACTIVITY_TYPE", "TRANSACTION_DATE")],
    "TRANSACTION_DATE ACTIVITY_TYPE SEQN",
  ],
  [[row("Session", "ID"), row("Room")], "Session Room"],
  [[], ""],
])("columns of %j", (rows, expected) => {
  expect(columnsOf(rows).join(" ")).toBe(expected);
});

test("faults are read in both forms and sent back as they came", () => {
  const fault = newFault("tooManyRequests", 3);
  expect(fault).toEqual({ kind: "tooManyRequests", retryAfter: 5, count: 3 });
  for (const answer of [[fault], { faults: [fault] }]) {
    expect(readFaults(answer)).toEqual([{ kind: "tooManyRequests", count: 3, whole: fault }]);
  }
  expect(readFaults(null)).toEqual([]);
});
