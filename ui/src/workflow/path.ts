import { ExactNumber, tryParse } from "../json";
import type { Json } from "./file";

export type Path = (string | number)[];

const plainName = /^[A-Za-z_]\w*(?:-\w+)*$/;
/** Words that Liquid takes for something else where it expects a name or a value. */
const reserved = new Set(
  "size first last true false nil null blank empty and or not in contains".split(" "),
);
/** What ends a tag wherever it stands, and what no line of a field can hold. */
// eslint-disable-next-line no-control-regex -- it looks for them
const untypable = /\{\{|\}\}|\{%|%\}|[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/** A place in the payload in words for people, and to tell it from others: `input.attendee.email`. */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (front, step) => front + (dot(step) ?? `[${JSON.stringify(step)}]`),
    "input",
  );
}

function dot(step: string | number): string | undefined {
  if (typeof step === "number") return `[${step}]`;
  return plainName.test(step) && !reserved.has(step) ? `.${step}` : undefined;
}

/** A name in brackets. Liquid's texts know no escapes: one with both kinds of quotes has none. */
function bracketed(name: string): string | undefined {
  if (untypable.test(name)) return undefined;
  if (!name.includes('"')) return `["${name}"]`;
  return name.includes("'") ? undefined : `['${name}']`;
}

/**
 * A place as code of a template names it: `input.attendee.email`, `input["odd name"]`, `input.items[0]`; undefined
 * where a name on the way cannot be written there.
 */
export function reference(path: Path): string | undefined {
  return path.reduce<string | undefined>((front, step) => {
    const back = dot(step) ?? bracketed(String(step));
    return front === undefined || back === undefined ? undefined : front + back;
  }, "input");
}

/** The same for any name: those that cannot be written are decoded into variables first. */
function withVariables(path: Path): string {
  let assigned = "";
  let count = 0;
  const place = path.reduce<string>((front, step) => {
    const back = dot(step) ?? bracketed(String(step));
    if (back !== undefined) return front + back;
    const variable = `ihook_name${++count}`;
    assigned += `{% assign ${variable} = "${encodeURIComponent(step)}" | url_decode %}`;
    return `${front}[${variable}]`;
  }, "input");
  return `${assigned}{{ ${place} }}`;
}

/**
 * What to put at the cursor so that the template takes that value: bare within `{{ }}` or `{% %}`, where undefined
 * says that this name cannot stand there.
 */
export function insertion(path: Path, before: string): string | undefined {
  const inside = isOpen(before, "{{", "}}") || isOpen(before, "{%", "%}");
  return inside ? reference(path) : withVariables(path);
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
  const place = reference(here);
  if (here.length > 0 && place !== undefined) found.push(place);
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

/** What a dropped path becomes in a template; undefined where its name cannot stand. */
export function dropped(data: string, before: string): string | undefined {
  return insertion(pathOf(data), before);
}

/** What a dropped path becomes in a bare condition; undefined where its name cannot be written in one. */
export function droppedBare(data: string): string | undefined {
  return reference(pathOf(data));
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
