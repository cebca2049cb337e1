import { expect, test } from "vitest";
import { describe as inWords } from "./schemaWords";

function check(schema: object): string[] {
  return inWords(schema as Record<string, unknown>).map(
    ({ path, required, what }) => `${path}${required ? "*" : ""}: ${what}`,
  );
}

test.each<[string, object, string[]]>([
  [
    "types, formats and limits",
    {
      properties: {
        id: { type: "string", maxLength: 10 },
        at: { type: "string", format: "date-time" },
        seat: { type: ["integer", "null"], minimum: 1 },
      },
      required: ["id"],
    },
    [
      "id*: text, at most 10 characters",
      "at: text, a date and time such as 2026-05-27T09:15:00",
      "seat: a whole number or null, at least 1",
    ],
  ],
  [
    "a format that may be blank",
    {
      properties: {
        at: {
          type: ["string", "null"],
          anyOf: [{ format: "date" }, { pattern: String.raw`^[ \t\r\n]*$` }],
        },
        one: { type: "string", anyOf: [{ format: "date" }, { format: "time" }] },
      },
    },
    ["at: text or null, a date such as 2026-05-27, or blank", "one: text"],
  ],
  [
    "objects and lists within",
    {
      properties: {
        who: { type: "object", properties: { mail: { type: "string" } }, required: ["mail"] },
        items: { type: "array", items: { properties: { sku: { enum: ["A", "B"] } } } },
      },
    },
    ["who: an object", "who.mail*: text", "items: a list", 'items[].sku: one of "A" or "B"'],
  ],
  ["required but not described", { required: ["x"] }, ["x*: anything"]],
  ["nothing", {}, []],
])("%s", (_name, schema, expected) => {
  expect(check(schema)).toEqual(expected);
});
