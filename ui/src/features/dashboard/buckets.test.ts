import { expect, test } from "vitest";
import { ceiling, everyMinute, minuteOf } from "./buckets";

test("minutes without deliveries are there too, and what failed counts once", () => {
  const last = minuteOf(Date.parse("2026-05-27T09:15:42Z"));
  const known = { at: "2026-05-27T09:14:00Z", received: 5, failed: 1, rejected: 2 };
  expect(everyMinute([known], last, 3)).toEqual([
    { at: Date.parse("2026-05-27T09:13:00Z"), received: 0, bad: 0 },
    { at: Date.parse("2026-05-27T09:14:00Z"), received: 5, bad: 3 },
    { at: Date.parse("2026-05-27T09:15:00Z"), received: 0, bad: 0 },
  ]);
});

test.each([
  [0, 4],
  [4, 4],
  [9, 10],
  [61, 80],
  [101, 200],
  [4_001, 5_000],
])("a peak of %d fits below %d", (peak, expected) => {
  expect(ceiling(peak)).toBe(expected);
});
