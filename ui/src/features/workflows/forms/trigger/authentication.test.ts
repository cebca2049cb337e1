import { expect, test } from "vitest";
import { begin, isWhole, madeUp, proofOf, proofs } from "./authentication";

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
