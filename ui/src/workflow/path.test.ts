import { expect, test } from "vitest";
import fixture from "../../../tests/fixtures/paths.json";
import { atPointer, insertion, onlyName, paths, pointerTo, reference, type Path } from "./path";

test.each<[Path, string, string | undefined]>([
  [["memberId"], "", "{{ input.memberId }}"],
  [["memberId"], "{{ ", "input.memberId"],
  [["memberId"], "{{ input.a }} and ", "{{ input.memberId }}"],
  [["vip"], "{% if ", "input.vip"],
  [["vip"], "{% if x %}", "{{ input.vip }}"],
  [["attendee", "email"], "", "{{ input.attendee.email }}"],
  [["items", 0, "sku"], "", "{{ input.items[0].sku }}"],
  [["odd name"], "", '{{ input["odd name"] }}'],
  [["e-mail"], "", "{{ input.e-mail }}"],
  [['a"b'], "{{", "input['a\"b']"],
  [["a\"b'c"], "{{", undefined],
  [["a}}b"], "{% if ", undefined],
])("%j after %j gives %s", (path, before, expected) => {
  expect(insertion(path, before)).toBe(expected);
});

type Case = { path: Path; template: string; reference?: string };

test.each((fixture.cases as Case[]).map((each) => [each.path, each] as const))(
  "%j is taken as the engine takes it",
  (path, { template, reference: code }) => {
    expect([insertion(path, ""), reference(path)]).toEqual([template, code]);
    expect(insertion(path, "{{ ")).toBe(code);
  },
);

test("offers every place, of a list the first item only", () => {
  expect(paths({ a: "1", b: { c: 2 }, d: [{ e: 1 }, { e: 2 }], f: [] })).toEqual([
    "input.a",
    "input.b",
    "input.b.c",
    "input.d",
    "input.d[0]",
    "input.d[0].e",
    "input.f",
  ]);
  expect(paths("text")).toEqual([]);
});

test.each([
  ["{{ input.memberId }}", "memberId"],
  ["{{memberId}}", "memberId"],
  ["{{ input.code | upcase }}", "code"],
  ["{{ input.attendee.id }}", undefined],
  ["X {{ input.code }}", undefined],
  ["ATTEND", undefined],
])("%s takes %s", (template, expected) => {
  expect(onlyName(template)).toBe(expected);
});

test.each<[pointer: string, found: unknown]>([
  ["/a/b~1c/1", "here"],
  ["/a/b~1c/2", undefined],
  ["/toString", undefined],
  ["/a", { "b/c": ["", "here"] }],
])("the pointer %s leads to %j", (pointer, found) => {
  expect(atPointer({ a: { "b/c": ["", "here"] } }, pointer)).toEqual(found);
});

test("a pointer is written as it is read", () => {
  expect(pointerTo(["a", "b/c", 1])).toBe("/a/b~1c/1");
});
