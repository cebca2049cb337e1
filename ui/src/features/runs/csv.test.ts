import { expect, test } from "vitest";
import { run } from "../../testing/samples";
import { asCsv } from "./csv";

const message = (text: string) =>
  asCsv([run("failed", { error: { step: "a", code: "refused", message: text } })])
    .split("\r\n")[1]
    ?.split(",refused,")[1];

test.each([
  ["plain", "plain"],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["＝1", "'＝1"],
  ["a, b", '"a, b"'],
  ["a; b", '"a; b"'],
  ["a;=1+1", `"a;'=1+1"`],
  ['a; "=1+1"', `"a; ""'=1+1"""`],
  ["a;b;@x;-1", `"a;b;'@x;'-1"`],
  ["two\n=1+1", `"two\n'=1+1"`],
  ["2026-05-27; 1+1", '"2026-05-27; 1+1"'],
  ["two\nlines", '"two\nlines"'],
])("%j becomes %j", (text, expected) => {
  expect(message(text)).toBe(expected);
});

test("the heading says what stands below it", () => {
  expect(asCsv([]).split(",").slice(0, 3)).toEqual(["Run", "Status", "Workflow"]);
});
