import { expect, test } from "vitest";
import { jsonLines } from "./json";

function text(value: unknown): string {
  return jsonLines(value)
    .map(
      ({ depth, name, text, comma }) =>
        `${"  ".repeat(depth)}${name === undefined ? "" : `${JSON.stringify(name)}: `}${text}${comma ? "," : ""}`,
    )
    .join("\n");
}

test.each([
  [null],
  ["text"],
  [{}],
  [[]],
  [{ a: 1, b: [true, null, { c: "x" }], d: {} }],
  [[[1], [2, 3]]],
])("%j is laid out as JSON.stringify does", (value) => {
  expect(text(value)).toBe(JSON.stringify(value, null, 2));
});

function changed(before: unknown, after: unknown): (string | undefined)[] {
  return jsonLines(after, before)
    .filter((line) => line.changed)
    .map(({ name, text }) => name ?? text);
}

test.each([
  ["nothing new", { a: 1 }, { a: 1 }, []],
  ["a new member", { a: 1 }, { a: 1, b: 2 }, ["b"]],
  ["another value", { a: 1 }, { a: 2 }, ["a"]],
  ["a new object with all its lines", {}, { o: { x: 1 } }, ["o", "x", "}"]],
  ["deep inside only the member itself", { o: { x: 1, y: 1 } }, { o: { x: 1, y: 2 } }, ["y"]],
])("marked as changed: %s", (_name, before, after, expected) => {
  expect(changed(before, after)).toEqual(expected);
});
