import type { SetSecret } from "../../../../api/bindings";
import { asObject, text, type Json } from "../../../../workflow/file";

/** How a sender can prove itself, as people choose it. */
export const proofs = [
  "none",
  "header",
  "basic",
  "standardWebhooks",
  "github",
  "swapcard",
  "custom",
] as const;
export type Proof = (typeof proofs)[number];
export type Proving = Exclude<Proof, "none">;

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
    default:
      return { kind: "hmac", scheme: proof };
  }
}

/** What the secret is to this way; ways of the same use could share one. */
export function usedAs(proof: Proving): NonNullable<SetSecret["usedAs"]> {
  switch (proof) {
    case "github":
    case "swapcard":
    case "custom":
      return "signature";
    default:
      return proof;
  }
}

/** A secret nobody can guess, in the form that the way asks for. */
export function madeUp(proof: Proof): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  if (proof === "standardWebhooks") return `whsec_${text}`;
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A Standard Webhooks secret is base64 behind its mark. */
export function isWhole(proof: Proof, secret: string): boolean {
  if (proof !== "standardWebhooks" || !secret.startsWith("whsec_")) return true;
  try {
    return atob(secret.slice("whsec_".length)).length > 0;
  } catch {
    return false;
  }
}
