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
  ["a, b", '"a, b"'],
  ["two\nlines", '"two\nlines"'],
])("%j becomes %j", (text, expected) => {
  expect(message(text)).toBe(expected);
});

test("the heading says what stands below it", () => {
  expect(asCsv([]).split(",").slice(0, 3)).toEqual(["Run", "Status", "Workflow"]);
});
