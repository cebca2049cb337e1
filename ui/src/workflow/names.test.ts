import { describe, expect, test } from "vitest";
import { findPath, isOpen, usedBy } from "./names";

describe("a preview takes along only what the template looks at", () => {
  const payload = { a: "1", b: { c: "2" }, "odd name": "3" };
  test.each([
    ["{{ input.a }}", { a: "1", b: null, "odd name": null }],
    ["{{ b.c | upcase }}", { a: null, b: { c: "2" }, "odd name": null }],
    ['{{ input["odd name"] }}', { a: null, b: null, "odd name": "3" }],
    ["{% if a == 'b' %}x{% endif %}", { a: "1", b: { c: "2" }, "odd name": null }],
    ["{{ input | json }}", payload],
    ["{{ input }}", payload],
    ["text with a in it", { a: null, b: null, "odd name": null }],
    ["{{ input.inputs }}", { a: null, b: null, "odd name": null }],
  ])("%s", (template, expected) => {
    expect(usedBy(template, payload)).toEqual(expected);
  });

  test("of ten thousand other names only some go along", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, "v"]));
    const sent = usedBy("{{ k9999 }}", many);
    expect(Object.keys(sent).length).toBeLessThan(400);
    expect(sent.k9999).toBe("v");
  });
});

describe("a name is found where it stands", () => {
  test.each([
    ["{{ input.sesion }}", "input.sesion", ["input.sesion"]],
    ["input.sesion {{ input.sesion }}", "input.sesion", ["input.sesion"]],
    ["{{ input.a }} {{ input.a | upcase }}", "input.a", ["input.a", "input.a"]],
    ['{{ input["odd name"].x }}', "input.odd name.x", ['input["odd name"].x']],
    ["{{ input['a'].b }}", "input.a.b", ["input['a'].b"]],
    ["{{ items[0].sku }}", "items.0.sku", ["items[0].sku"]],
    ["{{ input.abc }}", "input.a", []],
    ["{% if x.y == 1 %}", "x.y", ["x.y"]],
    ["{{ unclosed.name", "unclosed.name", ["unclosed.name"]],
    ["{{ a.b }}", "a.(b", []],
  ])("in %s", (template, path, expected) => {
    expect(findPath(template, path).map(({ from, to }) => template.slice(from, to))).toEqual(
      expected,
    );
  });
});

test.each([
  ["answer.body.x", true],
  ["input.answer.x", true],
  ["other.x", false],
  ["input.other", false],
])("%s is open: %s", (path, expected) => {
  expect(isOpen(path, new Set(["answer"]))).toBe(expected);
});
