import { expect, test } from "vitest";
import { begin, isWhole, madeUp, proofOf, proofs } from "./authentication";
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

test.each([...proofs])("%s is known again from what it begins with", (proof) => {
  expect(proofOf(begin(proof))).toBe(proof);
});

test("a signature without a scheme is one of the sender's own", () => {
  expect(proofOf({ kind: "hmac", header: "x-sum" })).toBe("custom");
});

test.each([...proofs])("a secret made up for %s is long, and another one each time", (proof) => {
  const secret = madeUp(proof);
  expect(secret.length).toBeGreaterThanOrEqual(43);
  expect(madeUp(proof)).not.toBe(secret);
  expect(isWhole(proof, secret)).toBe(true);
});

test("a Standard Webhooks secret that was cut off is told", () => {
  expect(isWhole("standardWebhooks", "whsec_abc=d")).toBe(false);
  expect(isWhole("standardWebhooks", "whsec_")).toBe(false);
  expect(isWhole("standardWebhooks", "plain text!")).toBe(true);
});
