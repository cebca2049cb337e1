import { ExactNumber } from "../json";
import type { Json } from "./file";

export type Path = (string | number)[];

const plainName = /^[A-Za-z_][\w-]*$/;

/** A place in the payload as templates name it: `input.attendee.email`, `input["odd name"]`, `input.items[0]`. */
export function dotted(path: Path): string {
  return path.reduce<string>((front, step) => {
    if (typeof step === "number") return `${front}[${step}]`;
    return plainName.test(step) ? `${front}.${step}` : `${front}[${JSON.stringify(step)}]`;
  }, "input");
}

/** What to put at the cursor so that the template takes that value: bare within `{{ }}` or `{% %}`. */
export function insertion(path: Path, before: string): string {
  const inside = isOpen(before, "{{", "}}") || isOpen(before, "{%", "%}");
  return inside ? dotted(path) : `{{ ${dotted(path)} }}`;
}

function isOpen(before: string, open: string, close: string): boolean {
  return before.lastIndexOf(open) > before.lastIndexOf(close);
}

export function isBranch(value: unknown): value is Json | unknown[] {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

/** The members of an object or the items of a list with their steps. */
export function branches(value: Json | unknown[]): [step: string | number, value: unknown][] {
  return Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item])
    : Object.entries(value);
}

/** Every place in the payload, for completion. Of a list only the first item. */
export function paths(value: unknown, here: Path = []): string[] {
  if (!isBranch(value)) return here.length === 0 ? [] : [dotted(here)];
  const below = branches(value).slice(0, Array.isArray(value) ? 1 : undefined);
  const own = here.length === 0 ? [] : [dotted(here)];
  return [...own, ...below.flatMap(([step, item]) => paths(item, [...here, step]))];
}

/** The one place that a template takes as it is, `{{ input.memberId }}` or `{{ memberId }}`: its top-level name. */
export function onlyName(template: string): string | undefined {
  return /^\s*\{\{-?\s*(?:input\.)?([A-Za-z_][\w-]*)\s*(?:\||-?\}\})/.exec(template)?.[1];
}
