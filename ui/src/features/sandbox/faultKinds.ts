import { asList, asObject, text } from "../../workflow/file";

/** What the sandbox can do wrong, as its own server names it. */
export const faultKinds = [
  "delay",
  "status",
  "tooManyRequests",
  "dropBeforeCommit",
  "dropAfterCommit",
  "expireToken",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  kind: string;
  /** How many requests it strikes yet; null for all. */
  count: number | null;
  /** As it came, to be sent back unchanged. */
  whole: unknown;
};

export function readFaults(answer: unknown): Fault[] {
  const list = asList(Array.isArray(answer) ? answer : asObject(answer).faults);
  return list.map((whole) => {
    const fault = asObject(whole);
    return {
      kind: text(fault, "kind"),
      count: typeof fault.count === "number" ? fault.count : null,
      whole,
    };
  });
}

export function isKnownKind(kind: string): kind is FaultKind {
  return (faultKinds as readonly string[]).includes(kind);
}

const settings: Record<FaultKind, object> = {
  delay: { milliseconds: 5000 },
  status: { status: 503 },
  tooManyRequests: { retryAfter: 5 },
  dropBeforeCommit: {},
  dropAfterCommit: {},
  expireToken: {},
};

export function newFault(kind: FaultKind, count: number | null): object {
  return { kind, ...settings[kind], count };
}
