import { expect, test } from "vitest";
import { asRequest, readFilter, writeFilter } from "./filter";

const now = Date.parse("2026-05-27T09:15:42Z");

test.each([
  ["", {}],
  ["status=failed", { status: ["failed"] }],
  ["status=look", { status: ["failed", "rejected", "held", "inDoubt"] }],
  ["status=nonsense", {}],
  ["workflow=w1&search=12345", { workflowId: "w1", search: "12345" }],
  ["time=hour", { from: "2026-05-27T08:15:00.000Z" }],
  ["time=never", {}],
  ["cause=schema&last=yes", { errorCode: "schema", notRerun: true }],
  ["from=2026-05-27T00:00:00Z", { from: "2026-05-27T00:00:00Z" }],
  ["from=2026-05-27T00:00:00Z&time=hour", { from: "2026-05-27T08:15:00.000Z" }],
  ["from=yesterday&last=maybe", {}],
])("the address ?%s asks for %j", (address, expected) => {
  expect(asRequest(readFilter(new URLSearchParams(address)), now)).toEqual(expected);
});

test("an address survives reading and writing", () => {
  const address = "status=look&workflow=w1&search=a+b&time=week";
  expect(writeFilter(readFilter(new URLSearchParams(address))).toString()).toBe(address);
});
