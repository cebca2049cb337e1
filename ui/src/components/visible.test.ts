import { expect, test } from "vitest";
import { visible } from "./visible";

test.each([
  ["plain", "plain"],
  ["a\tb\nc", "a\tb\nc"],
  ["a\u0000b", "a\\u0000b"],
  ["abc\u202edef", "abc\\u202edef"],
  ["zero\u200bwidth", "zero\\u200bwidth"],
  ["<script>alert(1)</script>", "<script>alert(1)</script>"],
  ["مرحبا", "مرحبا"],
])("%j is drawn as %s", (text, expected) => {
  expect(visible(text)).toBe(expected);
});

test("a long text is cut", () => {
  expect(visible("x".repeat(1_000_000), 10)).toBe("xxxxxxxxxx…");
});
