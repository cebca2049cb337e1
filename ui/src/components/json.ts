import { ExactNumber } from "../json";

/** One line of pretty-printed JSON. */
export type Line = {
  depth: number;
  name?: string;
  text: string;
  kind: "string" | "number" | "word" | "mark";
  comma: boolean;
  /** Not so in the object it was compared with. */
  changed: boolean;
};

type Place = { depth: number; name?: string; comma: boolean; changed: boolean };

/** Lines of `value`; with `before` given, top-level members that differ from it are `changed`. */
export function jsonLines(value: unknown, before?: unknown): Line[] {
  const lines: Line[] = [];
  write(value, { depth: 0, comma: false, changed: false }, before, lines);
  return lines;
}

function write(value: unknown, place: Place, before: unknown, lines: Line[]): void {
  const members = entries(value);
  if (members === undefined) {
    lines.push({ ...place, text: JSON.stringify(value ?? null), kind: kindOf(value) });
    return;
  }
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) {
    lines.push({ ...place, text: open + close, kind: "mark" });
    return;
  }
  lines.push({ ...place, comma: false, text: open, kind: "mark" });
  members.forEach(([name, member], index) => {
    const was = memberOf(before, name);
    const changed = place.changed || (before !== undefined && !same(was, member));
    const deeper = isObject(was) && isObject(member);
    write(
      member,
      {
        depth: place.depth + 1,
        comma: index < members.length - 1,
        changed: changed && !deeper,
        ...(!Array.isArray(value) && { name }),
      },
      changed && deeper ? was : undefined,
      lines,
    );
  });
  const { depth, comma, changed } = place;
  lines.push({ depth, comma, changed, text: close, kind: "mark" });
}

function entries(value: unknown): [string, unknown][] | undefined {
  return isObject(value) ? Object.entries(value) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? (value as Record<string, unknown>)[name] : undefined;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function kindOf(value: unknown): Line["kind"] {
  if (typeof value === "string") return "string";
  return typeof value === "number" || value instanceof ExactNumber ? "number" : "word";
}
