import { signatureSchemes, type SetSecret } from "../../../api/bindings";
import { asObject, text, type Json } from "../../../workflow/file";

type Scheme = (typeof signatureSchemes)[number];

/** How a sender can prove itself, as people choose it. */
export type Proof = "none" | "header" | "basic" | Scheme["id"];
export const proofs: readonly Proof[] = [
  "none",
  "header",
  "basic",
  ...signatureSchemes.map(({ id }) => id),
];
export type Proving = Exclude<Proof, "none">;

/** What is known of a way that signs. */
export function schemeOf(proof: Proof): Scheme | undefined {
  return signatureSchemes.find(({ id }) => id === proof);
}

/** Which of the ways the file has chosen. */
export function proofOf(authentication: unknown): Proof {
  if (authentication === undefined || authentication === null) return "none";
  const written = asObject(authentication);
  const wanted = text(written, "kind") === "hmac" ? text(written, "scheme") : text(written, "kind");
  return proofs.find((proof) => proof === wanted) ?? "custom";
}

/** What a newly chosen way begins with. */
export function begin(proof: Proof): Json | undefined {
  switch (proof) {
    case "none":
      return undefined;
    case "header":
      return { kind: "header", header: "X-Api-Key" };
    case "basic":
      return { kind: "basic" };
    case "custom":
      return { kind: "hmac", scheme: "custom", header: "X-Signature" };
    default: {
      // A time that is signed is worth little where any is taken: the sender's own libraries ask for five minutes.
      const scheme = schemeOf(proof);
      const isUnbounded = scheme?.hasTime === true && scheme.toleranceSeconds === null;
      return { kind: "hmac", scheme: proof, ...(isUnbounded && { toleranceSeconds: 300 }) };
    }
  }
}

/** What the secret is to this way; ways of the same use could share one. */
export function usedAs(proof: Proving): NonNullable<SetSecret["usedAs"]> {
  if (proof === "header" || proof === "basic") return proof;
  return schemeOf(proof)?.usedAs ?? "signature";
}

/** Whether the secret is base64 behind a mark. */
function isMarked(proof: Proof): boolean {
  return schemeOf(proof)?.usedAs === "standardWebhooks";
}

/** A secret nobody can guess, in the form that the way asks for. */
export function madeUp(proof: Proof): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  if (isMarked(proof)) return `whsec_${text}`;
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What follows the mark of a Standard Webhooks secret is base64, padded or not. */
export function isWhole(proof: Proof, secret: string): boolean {
  if (!isMarked(proof) || !secret.startsWith("whsec_")) return true;
  const key = secret.slice("whsec_".length).replaceAll("-", "+").replaceAll("_", "/");
  try {
    return atob(key).length > 0;
  } catch {
    return false;
  }
}
