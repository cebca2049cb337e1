import { expect, test } from "vitest";
import type { Difference as Found } from "../../../../api/bindings";
import type { Action } from "../../../../workflow/file";
import { inWords } from "./compare";

const steps: Action[] = [
  { id: "v", type: "jsonSchemaValidation" },
  { id: "i", type: "insertActivity" },
  { id: "e", type: "forEach" },
];

/** `step what: label before > after` of each difference. */
const said = (found: Found[]) =>
  inWords(found, steps).map(
    ({ title, what, cells }) =>
      `${title} ${what}${cells
        .map(({ label, before, after }) => `; ${label}: ${before ?? "-"} > ${after ?? "-"}`)
        .join("")}`,
  );

const of = (actionId: string, path: string, field: string, before: unknown, after: unknown) =>
  ({ actionId, path, field, kind: "changed", before, after }) as const;

const schema = (...required: string[]) => ({
  type: "object",
  properties: { a: { type: "string" } },
  required,
});

test.each<[string, Found[], string[]]>([
  ["none", [], []],
  [
    "the name and the samples",
    [
      { path: "/name", field: "name", kind: "changed", before: "Old", after: "New" },
      { path: "/scenarios", field: "scenarios", kind: "added", after: [{ name: "valid" }] },
    ],
    ["Workflow changed; Name: Old > New; Samples: - > valid"],
  ],
  [
    "a sample with another payload",
    [
      {
        path: "/scenarios",
        field: "scenarios",
        kind: "changed",
        before: [{ name: "a", payload: 1 }],
        after: [{ name: "a", payload: 2 }],
      },
    ],
    ["Workflow changed; Samples: as it was > written differently"],
  ],
  [
    "the trigger",
    [{ path: "/trigger/ordered", field: "ordered", kind: "added", after: true }],
    ["Webhook changed; One at a time, in order: no > yes"],
  ],
  [
    "fields, under their labels",
    [
      of("i", "/actions/1/fields/UF_4", "UF_4", "1", "2"),
      { ...of("i", "/actions/1/fields/Note", "Note", undefined, "n"), kind: "added" },
    ],
    ["Insert Activity changed; UF4: 1 > 2; Note: - > n"],
  ],
  ["a default that is written", [of("i", "/actions/1/enabled", "enabled", undefined, true)], []],
  [
    "switched off",
    [of("i", "/actions/1/enabled", "enabled", undefined, false)],
    ["Insert Activity changed; Switched on: yes > no"],
  ],
  [
    "where a gate leads",
    [of("g", "/actions/2/outcome", "outcome", { goTo: "e" }, "stopFailure")],
    ["g changed; When it is true: go on at For Each > stop, failure"],
  ],
  [
    "the schema",
    [of("v", "/actions/0/schema", "schema", schema("a"), schema("a", "b"))],
    ["JSON Schema Validation changed; Payload, b: - > anything, required"],
  ],
  [
    "a schema that says the same otherwise",
    [of("v", "/actions/0/schema", "schema", schema("a"), { title: "T", ...schema("a") })],
    ["JSON Schema Validation changed; Schema: as it was > written differently"],
  ],
  ["a step moved", [{ actionId: "e", path: "/actions/0", kind: "moved" }], ["For Each moved"]],
  [
    "a step moved and changed",
    [
      { actionId: "i", path: "/actions/0", kind: "moved" },
      of("i", "/actions/0/fields/Note", "Note", "a", "b"),
    ],
    ["Insert Activity changed; Note: a > b"],
  ],
  [
    "a loop removed with its steps",
    [
      {
        actionId: "x",
        path: "/actions/3",
        kind: "removed",
        before: {
          id: "x",
          type: "forEach",
          list: "/l",
          actions: [{ id: "n", type: "notify", title: "t" }],
        },
      },
    ],
    ["For Each removed; List: /l > -", "Notify removed; Title: t > -"],
  ],
  [
    "a step added",
    [
      {
        actionId: "m",
        path: "/actions/2/actions/1",
        kind: "added",
        after: { id: "m", type: "notify", name: "Tell", title: "u" },
      },
    ],
    ["Tell added; Name: - > Tell; Title: - > u"],
  ],
])("%s", (_name, found, expected) => {
  expect(said(found)).toEqual(expected);
});
