import { expect, test } from "vitest";
import { rowAfter } from "./rowKeys";

test.each([
  ["ArrowDown", 0, undefined, 1],
  ["ArrowDown", 9, undefined, 9],
  ["ArrowUp", 0, undefined, 0],
  ["Home", 5, undefined, 0],
  ["End", 5, undefined, 9],
  ["PageDown", 2, 4, 6],
  ["PageDown", 8, 4, 9],
  ["PageUp", 2, 4, 0],
  // Where the page scrolls and not the table, the page keys are the page's.
  ["PageDown", 2, undefined, undefined],
  ["Enter", 2, 4, undefined],
])("%s from row %i, %s rows a page, of ten leads to %s", (key, from, page, to) => {
  expect(rowAfter(key, from, 10, page)).toBe(to);
});
