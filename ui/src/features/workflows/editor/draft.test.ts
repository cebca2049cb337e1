import { describe, expect, test } from "vitest";
import type { Action, WorkflowFile } from "../../../workflow/file";
import { isDirty, newDraft, reduce, type Edit } from "./draft";
import { freeId } from "./steps/newAction";
import { placeOf } from "./places";

const file: WorkflowFile = {
  format: "ihook.workflow/1",
  name: "Check-in",
  connection: "sandbox",
  trigger: { type: "webhook" },
  actions: [
    { id: "a", type: "gate", outcome: { goTo: "c" } },
    { id: "b", type: "insertActivity", fields: { ID: "1", Note: "n" }, onFailure: { goTo: "c" } },
    { id: "c", type: "forEach", list: "/items", actions: [{ id: "c1", type: "notify" }] },
  ],
};

function after(...edits: Edit[]) {
  return edits.reduce(reduce, newDraft(file));
}

function ids(actions: Action[]): string {
  return actions
    .map(({ id, actions: inside }) =>
      Array.isArray(inside) && inside.length > 0 ? `${id}(${ids(inside as Action[])})` : id,
    )
    .join(" ");
}

describe("edits change the list of actions", () => {
  test.each<[string, Edit, string]>([
    ["add first", { kind: "add", id: "n", type: "gate", at: 0 }, "n a b c(c1)"],
    ["add last", { kind: "add", id: "n", type: "gate", at: 3 }, "a b c(c1) n"],
    ["add in a loop", { kind: "add", id: "n", type: "gate", at: 1, within: "c" }, "a b c(c1 n)"],
    ["move up", { kind: "move", id: "b", by: -1 }, "b a c(c1)"],
    ["move down", { kind: "move", id: "a", by: 1 }, "b a c(c1)"],
    ["not beyond the end", { kind: "move", id: "c", by: 1 }, "a b c(c1)"],
    ["remove", { kind: "remove", id: "a" }, "b c(c1)"],
    ["remove in a loop", { kind: "remove", id: "c1" }, "a b c"],
    ["duplicate", { kind: "duplicate", id: "b", as: "b2" }, "a b b2 c(c1)"],
    ["place first", { kind: "place", id: "b", at: 0 }, "b a c(c1)"],
    ["place last", { kind: "place", id: "a", at: 3 }, "b c(c1) a"],
    ["place where it is", { kind: "place", id: "b", at: 2 }, "a b c(c1)"],
    ["place into a loop", { kind: "place", id: "a", at: 1, within: "c" }, "b c(c1 a)"],
    ["place out of a loop", { kind: "place", id: "c1", at: 1 }, "a c1 b c"],
    ["no loop into a loop", { kind: "place", id: "c", at: 0, within: "c" }, "a b c(c1)"],
    ["not into what is none", { kind: "place", id: "a", at: 0, within: "b" }, "a b c(c1)"],
    ["duplicate a loop", { kind: "duplicate", id: "c", as: "d" }, "a b c(c1) d(d-c1)"],
  ])("%s", (_name, edit, expected) => {
    expect(ids(after(edit).file.actions)).toBe(expected);
  });
});

describe("edits change members and nothing else", () => {
  test.each<[string, Edit, (file: WorkflowFile) => unknown, unknown]>([
    ["name", { kind: "workflow", changes: { name: "New" } }, (f) => f.name, "New"],
    [
      "a trigger option",
      { kind: "trigger", changes: { return202Accepted: true } },
      (f) => f.trigger,
      { type: "webhook", return202Accepted: true },
    ],
    [
      "undefined removes",
      { kind: "action", id: "b", changes: { onFailure: undefined } },
      (f) => f.actions[1],
      { id: "b", type: "insertActivity", fields: { ID: "1", Note: "n" } },
    ],
    [
      "a field keeps its place",
      { kind: "entry", id: "b", member: "fields", name: "ID", value: "2" },
      (f) => JSON.stringify(f.actions[1]?.fields),
      '{"ID":"2","Note":"n"}',
    ],
    [
      "a field goes",
      { kind: "entry", id: "b", member: "fields", name: "ID", value: undefined },
      (f) => f.actions[1]?.fields,
      { Note: "n" },
    ],
    [
      "a sample",
      { kind: "sample", name: "S", payload: { a: 1 } },
      (f) => f.scenarios,
      [{ name: "S", payload: { a: 1 } }],
    ],
  ])("%s", (_name, edit, pick, expected) => {
    expect(pick(after(edit).file)).toEqual(expected);
  });

  test("a jump to what was removed goes with it, so that the file can be saved", () => {
    const { actions } = after({ kind: "remove", id: "c" }).file;
    expect(actions[0]).toEqual({ id: "a", type: "gate" });
    expect(actions[1]).not.toHaveProperty("onFailure");
  });
});

test("jumps within a duplicated loop stay within the copy", () => {
  const loop = after(
    { kind: "add", id: "g", type: "gate", at: 0, within: "c" },
    { kind: "action", id: "g", changes: { outcome: { goTo: "c1" } } },
    { kind: "duplicate", id: "c", as: "d" },
  ).file.actions[3];
  expect((loop?.actions as Action[])[0]).toMatchObject({ id: "d-g", outcome: { goTo: "d-c1" } });
});

describe("history", () => {
  const type = (value: string): Edit => ({
    kind: "entry",
    id: "b",
    member: "fields",
    name: "ID",
    value,
  });
  const id = (draft: ReturnType<typeof after>) =>
    (draft.file.actions[1]?.fields as { ID: string }).ID;

  test("typing in one field is one step", () => {
    const draft = after(type("x"), type("xy"), type("xyz"));
    expect(id(draft)).toBe("xyz");
    expect(id(reduce(draft, { kind: "undo" }))).toBe("1");
  });
  test("another field begins another step", () => {
    const draft = after(type("x"), { kind: "workflow", changes: { name: "N" } }, type("y"));
    expect(draft.past).toHaveLength(3);
  });
  test("redo brings back, and a new edit forgets what was undone", () => {
    const undone = after(type("x"), { kind: "undo" });
    expect(id(reduce(undone, { kind: "redo" }))).toBe("x");
    expect(reduce(undone, { kind: "move", id: "a", by: 1 }).future).toEqual([]);
  });
  test("an edit that changes nothing is no step and keeps what can be redone", () => {
    const undone = after(type("x"), { kind: "undo" });
    expect(reduce(undone, type("1"))).toBe(undone);
  });
  test("a thousand edits can all be undone", () => {
    const moves = Array.from({ length: 1000 }, (_, at): Edit => ({
      kind: "workflow",
      changes: { name: `${at}`, description: `${at}` },
    }));
    const undone = moves.reduce((draft) => reduce(draft, { kind: "undo" }), after(...moves));
    expect(undone.file).toEqual(file);
  });
  test("undo with nothing to undo does nothing", () => {
    expect(after({ kind: "undo" }, { kind: "redo" })).toEqual(newDraft(file));
  });
  test("unsaved until saved, and again after undoing past the save", () => {
    const draft = after(type("x"));
    expect(isDirty(draft)).toBe(true);
    const saved = reduce(draft, { kind: "saved", file: draft.file });
    expect(isDirty(saved)).toBe(false);
    expect(isDirty(reduce(saved, { kind: "undo" }))).toBe(true);
  });
});

test.each([
  ["/name", { step: "workflow", field: "name" }],
  ["/trigger/metadataOutputProperty", { step: "trigger", field: "metadataOutputProperty" }],
  ["/actions/1/fields/Product~1Code", { step: "b", field: "Product/Code" }],
  ["/actions/0/schema/properties/x", { step: "a", field: "schema" }],
  ["/actions/2/actions/0/title", { step: "c1", field: "title" }],
  ["/actions/2/list", { step: "c", field: "list" }],
  ["/actions/9/list", { step: "workflow" }],
  ["/actions", { step: "workflow" }],
  ["", { step: "workflow" }],
])("%s is about %o", (pointer, expected) => {
  expect(placeOf(file, pointer)).toEqual(expected);
});

test("a new id is one that nothing has", () => {
  expect(freeId("insertActivity", ["activity", "activity2"])).toBe("activity3");
  expect(freeId("gate", [])).toBe("gate");
});

test("a sample that an edit leaves alone is not read, however large it is", () => {
  const payload = {
    get member(): string {
      throw new Error("read");
    },
  };
  const start = newDraft({ ...file, scenarios: [{ name: "large", payload }] });
  const edited = reduce(start, { kind: "workflow", changes: { name: "another" } });
  expect(isDirty(edited)).toBe(true);
  const back = reduce(edited, { kind: "workflow", changes: { name: file.name } });
  expect(isDirty(back)).toBe(false);
});
