import { expect, test } from "vitest";
import type { Action } from "../../../../workflow/file";
import type { Slot } from "../canvas/layout";
import { slotOf } from "./useStepDragging";

const actions: Action[] = [
  { id: "a", type: "notify" },
  { id: "e", type: "forEach", actions: [{ id: "n", type: "notify" }] },
];

type Where = "before" | "after" | "on";

test.each<[string, Where, Slot | undefined]>([
  ["a", "before", { at: 0 }],
  ["a", "after", { at: 1 }],
  ["a", "on", undefined],
  ["e", "on", { at: 1, within: "e" }],
  ["e", "after", { at: 2 }],
  ["n", "before", { at: 0, within: "e" }],
  ["n", "after", { at: 1, within: "e" }],
  ["gone", "after", undefined],
])("a drop at %s, %s", (key, dropPosition, expected) => {
  expect(slotOf(actions, { type: "item", key, dropPosition })).toEqual(expected);
});

test("a drop on the list as a whole means nothing", () => {
  expect(slotOf(actions, { type: "root" })).toBeUndefined();
});
