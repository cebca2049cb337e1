import { describe, expect, test } from "vitest";
import { ExactNumber, parseExact, tryParse } from "./json";

/** Older engines have no access to a number's source; then JavaScript's own numbers are all there is. */
const exact = "rawJSON" in JSON;

describe.skipIf(!exact)("numbers keep their digits", () => {
  test.each(["123456789012345678901", "1.50", "-0", "1e5", '{"a":[12345678901234567890]}'])(
    "%s is written as it came",
    (text) => {
      expect(JSON.stringify(parseExact(text))).toBe(text);
    },
  );
  test("a number that JavaScript keeps stays a number", () => {
    expect(parseExact('{"a": 12345, "b": 1234567890123456789012}')).toEqual({
      a: 12345,
      b: new ExactNumber("1234567890123456789012"),
    });
  });
});

test("what is no JSON says why", () => {
  expect(tryParse("{")).toHaveProperty("fault");
  expect(tryParse('{"a":1}')).toEqual({ value: { a: 1 } });
});
