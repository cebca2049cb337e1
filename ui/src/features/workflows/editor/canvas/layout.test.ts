import { describe, expect, test } from "vitest";
import type { Action } from "../../../../workflow/file";
import { exitsOf } from "../steps/exits";
import { layout, nearestSlot } from "./layout";

const gate = (id: string, outcome?: unknown): Action => ({
  id,
  type: "gate",
  ...(outcome !== undefined && { outcome }),
});
const note = (id: string, more = {}): Action => ({ id, type: "notify", ...more });
const each = (id: string, actions: Action[]): Action => ({ id, type: "forEach", actions });

const ids = (actions: Action[]) => layout(actions).parts.map(({ id }) => id);

describe("the order of parts is the order of the keyboard", () => {
  test.each<[string, Action[], string[]]>([
    ["nothing", [], ["trigger", "slot::0"]],
    ["one step", [note("a")], ["trigger", "slot::0", "a", "slot::1"]],
    [
      "a gate and its way out",
      [gate("g"), note("a")],
      ["trigger", "slot::0", "g", "exit:g:outcome", "slot::1", "a", "slot::2"],
    ],
    [
      "a loop",
      [each("e", [note("n")])],
      ["trigger", "slot::0", "loop:e", "e", "slot:e:0", "n", "slot:e:1", "slot::1"],
    ],
  ])("%s", (_name, actions, expected) => {
    expect(ids(actions)).toEqual(expected);
  });
});

describe("ways out", () => {
  test.each<[string, Action, string[]]>([
    ["a gate stops", gate("g"), ["outcome stopSuccess"]],
    ["a gate fails", gate("g", "stopFailure"), ["outcome stopFailure"]],
    ["a gate jumps", gate("g", { goTo: "x" }), ["outcome goTo x"]],
    ["by default none", note("a"), []],
    ["written defaults are none", note("a", { onFailure: "fail" }), []],
    ["a failure goes on", note("a", { onFailure: "continue" }), ["onFailure continue"]],
    ["a failure jumps", note("a", { onFailure: { goTo: "x" } }), ["onFailure goTo x"]],
    ["while on nothing of being off", note("a", { whenDisabled: "fail" }), []],
    ["off", note("a", { enabled: false, whenDisabled: { goTo: "x" } }), ["whenDisabled goTo x"]],
    ["nonsense", note("a", { onFailure: 7 }), []],
  ])("%s", (_name, action, expected) => {
    expect(
      exitsOf(action).map(({ member, way, to }) => [member, way, to].join(" ").trimEnd()),
    ).toEqual(expected);
  });
});

test("jumps that overlap get lanes of their own, the short one inside", () => {
  const { wires } = layout([
    gate("g", { goTo: "z" }),
    gate("h", { goTo: "y" }),
    note("y"),
    note("z"),
  ]);
  expect(wires.filter(({ kind }) => kind === "jump")).toEqual([
    { kind: "jump", from: "exit:h:outcome", to: "y", lane: 0 },
    { kind: "jump", from: "exit:g:outcome", to: "z", lane: 1 },
  ]);
});

test("a jump to nothing is no arrow", () => {
  expect(layout([gate("g", { goTo: "gone" })]).wires.some(({ kind }) => kind === "jump")).toBe(
    false,
  );
});

test("nothing overlaps: every card lies below the one before", () => {
  const { parts, height } = layout([each("e", [note("n"), gate("g")]), note("a")]);
  const cards = parts.filter(({ kind }) => kind === "step" || kind === "trigger");
  cards.slice(1).forEach((part, index) => {
    const before = cards[index];
    expect(part.y).toBeGreaterThan((before?.y ?? 0) + (before?.height ?? 0));
  });
  const loop = parts.find(({ kind }) => kind === "loop");
  const after = parts.find(({ id }) => id === "a");
  expect(after?.y).toBeGreaterThan((loop?.y ?? 0) + (loop?.height ?? 0));
  expect(height).toBeGreaterThan(after?.y ?? 0);
});

describe("a dragged step goes to the nearest place", () => {
  const { parts } = layout([note("a"), each("e", [note("n")]), note("b")]);
  const at = (id: string) =>
    parts.find((part) => part.id === id) ?? { x: 0, y: 0, width: 0, height: 0 };
  test.each<[string, Action, string, string]>([
    ["onto itself", note("a"), "a", "slot::0"],
    ["to the end", note("a"), "slot::3", "slot::3"],
    ["into a loop", note("a"), "slot:e:1", "slot:e:1"],
    ["a loop not into a loop", each("e", []), "slot:e:1", "slot::2"],
  ])("%s", (_name, action, near, expected) => {
    expect(nearestSlot(parts, at(near), action)?.id).toBe(expected);
  });
});
