import { describe, expect, test, vi } from "vitest";
import { ExactNumber, parseExact, same, tryParse } from "./json";

/** Older engines have no access to a number's source; then JavaScript's own numbers are all there is. */
const exact = "rawJSON" in JSON;

describe.skipIf(!exact)("numbers keep their digits", () => {
  test.each([
    "123456789012345678901",
    "1.50",
    "-0",
    "1e5",
    "-2.5E-7",
    "1234567890.1234567",
    '{"a":[12345678901234567890]}',
    '[1,-0,"x"]',
    '{"a":{"b":10.0}}',
  ])("%s is written as it came", (text) => {
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });
  test("a number that JavaScript keeps stays a number", () => {
    expect(parseExact('{"a": 12345, "b": 1234567890123456789012}')).toEqual({
      a: 12345,
      b: new ExactNumber("1234567890123456789012"),
    });
  });
});

test("ids and times are no reason to read slowly", () => {
  const parse = vi.spyOn(JSON, "parse");
  parseExact(
    '{"id":"0192f1e0-0e5b-7c1e-8e00-000000000000","at":"2026-05-07T09:15:00.120Z","ms":0.25,"n":-10}',
  );
  expect(parse).toHaveBeenCalledExactlyOnceWith(expect.any(String));
});

test("what is no JSON says why", () => {
  expect(tryParse("{")).toHaveProperty("fault");
  expect(tryParse('{"a":1}')).toEqual({ value: { a: 1 } });
});

test.each([
  [1, 1, true],
  [1, "1", false],
  [null, undefined, false],
  [null, {}, false],
  [[], {}, false],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, false],
  [[1], [1, 2], false],
  // A member that is undefined is not written, and their order is part of a file.
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, false],
  [new ExactNumber("1.50"), new ExactNumber("1.50"), true],
  [new ExactNumber("1.50"), new ExactNumber("1.5"), false],
])("%o and %o are written alike: %s", (a, b, is) => {
  expect(same(a, b)).toBe(is);
});

test("what is the very same object is not looked into", () => {
  const large = {
    get member(): string {
      throw new Error("looked into");
    },
  };
  expect(same({ name: "a", large }, { name: "b", large })).toBe(false);
  expect(same({ large, name: "a" }, { large, name: "a" })).toBe(true);
});
