import { ExactNumber, tryParse } from "../json";
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

const mostPaths = 2000;

/** Every place in the payload, for completion, as far as anybody would read. Of a list only the first item. */
export function paths(value: unknown): string[] {
  const found: string[] = [];
  collect(value, [], found);
  return found;
}

function collect(value: unknown, here: Path, found: string[]): void {
  if (found.length >= mostPaths) return;
  if (here.length > 0) found.push(dotted(here));
  if (!isBranch(value)) return;
  for (const [step, item] of branches(value).slice(0, Array.isArray(value) ? 1 : mostPaths)) {
    collect(item, [...here, step], found);
  }
}

/** The one place that a template takes as it is, `{{ input.memberId }}` or `{{ memberId }}`: its top-level name. */
export function onlyName(template: string): string | undefined {
  return /^\s*\{\{-?\s*(?:input\.)?([A-Za-z_][\w-]*)\s*(?:\||-?\}\})/.exec(template)?.[1];
}

/** The MIME type under which a dragged value of the payload tells its path. */
export const pathType = "application/x-ihook-path";

/** What a dropped path becomes in a template. */
export function dropped(data: string, before: string): string {
  return insertion(pathOf(data), before);
}

/** What a dropped path becomes in a bare condition. */
export function droppedBare(data: string): string {
  return dotted(pathOf(data));
}

/** A path as dragged; nothing that is not one gets in. */
function pathOf(data: string): Path {
  const parsed = tryParse(data);
  return "value" in parsed && Array.isArray(parsed.value)
    ? parsed.value.filter((step): step is string | number =>
        ["string", "number"].includes(typeof step),
      )
    : [];
}

/** The JSON pointer to a place in the payload. */
export function pointerTo(path: Path): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/** What a JSON pointer leads to; undefined where there is nothing. */
export function atPointer(value: unknown, pointer: string): unknown {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>(
    (here, step) =>
      isBranch(here) && Object.hasOwn(here, step) ? (here as Json)[step] : undefined,
    value,
  );
}
