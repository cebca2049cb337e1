import { expect, test } from "vitest";
import { asLines, asNumber } from "./written";

test.each<[string, number | string | undefined]>([
  ["", undefined],
  ["  ", undefined],
  ["5", 5],
  [" 0.5 ", 0.5],
  ["5.", "5."],
  ["1.0", "1.0"],
  ["five", "five"],
  ["1e3", "1e3"],
  ["-2", -2],
])("the number %j is written as %j", (text, written) => {
  expect(asNumber(text)).toBe(written);
});

test.each<[string, string[] | undefined]>([
  ["", undefined],
  ["\n \n", undefined],
  ["10.0.0.0/8\n", ["10.0.0.0/8"]],
  [" a \n\nb", ["a", "b"]],
])("the lines %j are written as %j", (text, written) => {
  expect(asLines(text)).toEqual(written);
});
