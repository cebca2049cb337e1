import { describe, expect, test } from "vitest";
import type { WorkflowFile } from "../../workflow/file";
import { compareFiles } from "./compare";

const file: WorkflowFile = {
  name: "Check-in",
  connection: "sandbox",
  trigger: { type: "webhook" },
  actions: [
    {
      id: "v",
      type: "jsonSchemaValidation",
      schema: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
    },
    { id: "i", type: "insertActivity", fields: { ID: "{{ id }}", UF_4: "1" } },
    { id: "g", type: "gate", expression: "x", outcome: { goTo: "e" } },
    { id: "e", type: "forEach", list: "/l", actions: [{ id: "n", type: "notify", title: "t" }] },
  ],
};

/** `step what: label before > after` of each difference. */
const said = (after: WorkflowFile) =>
  compareFiles(file, after).map(
    ({ step, what, cells }) =>
      `${step} ${what}${cells
        .map(({ label, before, after: now }) => `; ${label}: ${before ?? "-"} > ${now ?? "-"}`)
        .join("")}`,
  );

const withAction = (at: number, changes: object): WorkflowFile => ({
  ...file,
  actions: file.actions.map((action, index) => (index === at ? { ...action, ...changes } : action)),
});

describe("differences are told by action and field", () => {
  test.each<[string, WorkflowFile, string[]]>([
    ["none", structuredClone(file), []],
    ["the name", { ...file, name: "New" }, ["workflow changed; Name: Check-in > New"]],
    [
      "the trigger",
      { ...file, trigger: { type: "webhook", ordered: true } },
      ["trigger changed; One at a time, in order: - > yes"],
    ],
    [
      "a field",
      withAction(1, { fields: { ID: "{{ id }}", UF_4: "2", Note: "n" } }),
      ["i changed; UF4: 1 > 2; Note: - > n"],
    ],
    ["a default that is written is none", withAction(1, { onFailure: "fail", enabled: true }), []],
    ["switched off", withAction(1, { enabled: false }), ["i changed; Switched on: yes > no"]],
    [
      "where a gate leads",
      withAction(2, { outcome: "stopFailure" }),
      ["g changed; When it is true: go on at For Each > stop, failure"],
    ],
    [
      "the schema",
      withAction(0, {
        schema: { type: "object", properties: { a: { type: "integer" } }, required: ["a", "b"] },
      }),
      [
        "v changed; Payload, a: text, required > a whole number, required; Payload, b: - > anything, required",
      ],
    ],
    [
      "a schema that says the same otherwise",
      withAction(0, {
        schema: {
          title: "T",
          type: "object",
          properties: { a: { type: "string" } },
          required: ["a"],
        },
      }),
      ["v changed; Schema: as it was > written differently"],
    ],
    [
      "a step moved",
      {
        ...file,
        actions: [file.actions[3], ...file.actions.slice(0, 3)] as WorkflowFile["actions"],
      },
      ["e moved"],
    ],
    [
      "a step removed",
      { ...file, actions: file.actions.slice(0, 3) },
      ["e removed; List: /l > -", "n removed; Title: t > -"],
    ],
    [
      "a step added in a loop",
      withAction(3, {
        actions: [
          { id: "n", type: "notify", title: "t" },
          { id: "m", type: "notify", title: "u" },
        ],
      }),
      ["m added; Title: - > u"],
    ],
  ])("%s", (_name, after, expected) => {
    expect(said(after)).toEqual(expected);
  });
});
