import { expect, test } from "vitest";
import type { WorkflowSummary } from "../api/bindings";
import type { Live } from "./live";
import { receiving, type Receiving } from "./receiving";

type Statuses = WorkflowSummary["status"][] | undefined;

test.each<[Live, Statuses, Receiving]>([
  ["live", ["active", "paused"], "live"],
  ["live", ["paused", "disabled"], "paused"],
  ["live", ["draft", "disabled"], "idle"],
  ["live", [], "idle"],
  ["live", undefined, "live"],
  ["lost", ["paused"], "lost"],
  ["connecting", [], "connecting"],
])("events %s, workflows %j: %s", (live, statuses, said) => {
  expect(
    receiving(
      live,
      statuses?.map((status) => ({ status })),
    ),
  ).toBe(said);
});

test("what cannot be stored is worse than anything but a server that is gone", () => {
  expect(receiving("live", [{ status: "active" }], true)).toBe("refusing");
  expect(receiving("lost", [{ status: "active" }], true)).toBe("lost");
});

test("one workflow that takes its deliveries is enough to be live", () => {
  const takes = { status: "active" } as const;
  const refuses = { status: "active", refusing: { kind: "version" } } as const;
  expect(receiving("live", [refuses])).toBe("refusing");
  expect(receiving("live", [refuses, takes])).toBe("live");
});
