import { expect, test } from "vitest";
import { begin, isWhole, madeUp, proofOf, proofs } from "./proofs";

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

test("a secret is taken as the sender's own libraries take it", () => {
  expect(isWhole("svix", "whsec_c2VzYW1lIQ==")).toBe(true);
  expect(isWhole("svix", "whsec_c2VzYW1lIQ")).toBe(true);
  expect(isWhole("standardWebhooks", "whsec_-_-_")).toBe(true);
  expect(isWhole("stripe", "whsec_any text is a key")).toBe(true);
});

test("a time that is signed is not taken at any age, unless a person says so", () => {
  expect(begin("stripe")).toEqual({ kind: "hmac", scheme: "stripe", toleranceSeconds: 300 });
  expect(begin("standardWebhooks")).toEqual({ kind: "hmac", scheme: "standardWebhooks" });
  expect(begin("github")).toEqual({ kind: "hmac", scheme: "github" });
});

test("a Standard Webhooks secret that was cut off is told", () => {
  expect(isWhole("standardWebhooks", "whsec_abc=d")).toBe(false);
  expect(isWhole("standardWebhooks", "whsec_")).toBe(false);
  expect(isWhole("standardWebhooks", "plain text!")).toBe(true);
});
