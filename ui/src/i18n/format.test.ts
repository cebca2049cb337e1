import { expect, test } from "vitest";
import { formatBytes, formatDuration, formatSpan, plural } from "./format";

test.each([
  [0, "< 1 ms"],
  [84.4, "84 ms"],
  [310, "0.31 s"],
  [9_999, "10.00 s"],
  [42_000, "42 s"],
  [125_000, "2 min"],
])("a duration of %d ms reads %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [7_200_000, "2 h"],
  [47 * 3_600_000, "47 h"],
  [49 * 3_600_000, "2 days"],
])("a span of %d ms reads %s", (ms, expected) => {
  expect(formatSpan(ms)).toBe(expected);
});

test.each([
  [182, "182 bytes"],
  [1_536, "1.5 KiB"],
  [1_048_576, "1.0 MiB"],
])("%d bytes read %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test("one and many", () => {
  expect([plural(1, "run"), plural(2, "run"), plural(0, "reply", "replies")]).toEqual([
    "1 run",
    "2 runs",
    "0 replies",
  ]);
});
