import { expect, test } from "vitest";
import { checkInWorkflow } from "../../workflow/samples";
import { scenariosOf } from "./scenarios";

const checkIn = checkInWorkflow("Check-in");
const brief = (file = checkIn) =>
  scenariosOf(file).map(({ id, expect }) =>
    `${id}: ${expect.answer} ${expect.status ?? ""}`.trimEnd(),
  );

test("the check-in's own scenario comes first, then what its schema and fields suggest", () => {
  expect(brief()).toEqual([
    "kept 0: 200 succeeded",
    "missing memberId: 400 rejected",
    "missing eventCode: 400 rejected",
    "missing checkInTime: 400 rejected",
    "type memberId: 400 rejected",
    "type eventCode: 400 rejected",
    "format checkInTime: 400 rejected",
    "type checkInTime: 400 rejected",
    "type sessionCode: 400 rejected",
    "unknown member: 200 failed",
    "blank memberId: 200 failed",
    "long eventCode: 200 failed",
    "long sessionCode: 200 failed",
    "notJson: 400",
    "list: 400",
    "plainText: 400",
    "noBody: 400 rejected",
  ]);
});

test("what is wrong is wrong and the rest is as it was", () => {
  const body = (id: string) =>
    JSON.parse(scenariosOf(checkIn).find((each) => each.id === id)?.body ?? "null") as unknown;
  const base = body("kept 0") as Record<string, unknown>;
  expect(body("missing memberId")).toEqual({ ...base, memberId: undefined });
  expect(body("type memberId")).toEqual({ ...base, memberId: 42 });
  expect(body("long eventCode")).toEqual({ ...base, eventCode: "X".repeat(32) });
});

test("expectations follow the trigger's options", () => {
  const late = {
    ...checkIn,
    trigger: { type: "webhook", return202Accepted: true, validateBeforeAnswering: false },
  };
  expect(brief(late)).toContain("missing memberId: 202 failed");
});

test("a workflow without schema and scenarios still has something to send", () => {
  const bare = { ...checkIn, actions: [], scenarios: [] };
  expect(brief(bare)).toEqual([
    "valid: 200 succeeded",
    "notJson: 400",
    "list: 400",
    "plainText: 400",
    "noBody: 200",
  ]);
});

test("without a kept scenario the valid one is made from the schema", () => {
  const [valid] = scenariosOf({ ...checkIn, scenarios: [] });
  expect(JSON.parse(valid.body ?? "")).toEqual({
    memberId: "text",
    eventCode: "text",
    checkInTime: "2026-05-27T09:15:00",
    sessionCode: "text",
  });
});
