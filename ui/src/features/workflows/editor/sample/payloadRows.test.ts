import { describe, expect, test } from "vitest";
import { findRows, firstOpen, rowsOf, type TreeRow } from "./payloadRows";

const shape = (rows: TreeRow[]): unknown[] =>
  rows.map((row) =>
    row.kind === "more"
      ? `+${row.left}`
      : row.inside.length > 0
        ? [row.name, shape(row.inside)]
        : `${row.name}=${row.text}`,
  );

const rows = (value: unknown) => shape(rowsOf(value, [], firstOpen(value), {}));

describe("the tree shows the payload", () => {
  test.each<[unknown, unknown[]]>([
    [{ a: "x", b: 1, c: null }, ['a="x"', "b=1", "c=null"]],
    [{ a: { b: { c: { d: 1 } } } }, [["a", [["b", ["c=1 member"]]]]]],
    [{ list: [{ n: 1 }, { n: 2 }] }, [["list", [["0", ["n=1"]], "1=1 member"]]]],
    [{ "": "blank name", e: {}, l: [] }, ['="blank name"', "e=0 members", "l=0 items"]],
    [{}, []],
    ["no object", []],
  ])("%j", (value, expected) => {
    expect(rows(value)).toEqual(expected);
  });
});

test("of ten thousand members a hundred are built, and more when asked", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, at]));
  const first = rowsOf(many, [], firstOpen(many), {});
  expect(first).toHaveLength(101);
  expect(first.at(-1)).toMatchObject({ kind: "more", left: 9900, of: "input", count: 600 });
  expect(rowsOf(many, [], new Set(), { input: 600 })).toHaveLength(601);
});

test("of a megabyte of text little is looked at, and its length is told", () => {
  const [row] = rowsOf({ big: "x".repeat(1_048_576) }, [], new Set(), {});
  expect(row?.text.length).toBeLessThan(500);
  expect(row).toMatchObject({ kind: "text", note: "1,048,576 characters" });
});

describe("what is sought is found wherever it is", () => {
  const value = { a: { email: "Ada@example.org" }, list: [{ id: 7 }], emailOptOut: true };
  test.each([
    ["email", ["a.email", "emailOptOut"]],
    ["ADA@", ["a.email"]],
    ["7", ["list[0].id"]],
    ["nothing like it", []],
  ])("%s", (sought, expected) => {
    expect(
      findRows(value, sought)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });
});

test("a very deep payload does not go on for ever", () => {
  let deep: unknown = "end";
  for (let at = 0; at < 60; at++) deep = { in: deep };
  expect(rowsOf(deep, [], firstOpen(deep), {})).toHaveLength(1);
  expect(findRows(deep, "end")).toHaveLength(1);
});
