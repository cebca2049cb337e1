import type { Json } from "./file";

const code = /\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$)/g;
const whole = /(?<![\w.\-"'])input(?!\s*[.[\w-])/;
const names = /[A-Za-z_][\w-]*|"[^"]*"|'[^']*'/g;
const mostOthers = 300;

/**
 * The payload as far as a template can look at it, so that a preview of one field does not carry a megabyte of
 * another. The other names stay, without their values: a misspelled one is compared with them.
 */
export function usedBy(template: string, payload: Json): Json {
  const inside = (template.match(code) ?? []).join(" ");
  if (whole.test(inside)) return payload;
  const used = new Set(
    (inside.match(names) ?? []).map((name) => name.replaceAll(/^["']|["']$/g, "")),
  );
  let others = mostOthers;
  return Object.fromEntries(
    Object.entries(payload).flatMap(([name, value]) => {
      if (used.has(name)) return [[name, value]];
      return others-- > 0 ? [[name, null]] : [];
    }),
  );
}

/** Where a path such as `input.items.0.sku` stands in a template, however it is written there. */
export function findPath(template: string, path: string): { from: number; to: number }[] {
  const steps = path.split(".").map((step) => step.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const [first = "", ...rest] = steps;
  const pattern = rest.map((step) => `(?:\\s*\\.\\s*${step}|\\s*\\[\\s*(["']?)${step}\\1\\s*\\])`);
  const numbered = pattern.map((each, index) => each.replace("\\1", `\\${index + 1}`));
  const found = new RegExp(`(?<![\\w.-])${first}${numbered.join("")}(?![\\w-])`, "g");
  return [...template.matchAll(code)].flatMap((block) =>
    [...block[0].matchAll(found)].map((match) => ({
      from: block.index + match.index,
      to: block.index + match.index + match[0].length,
    })),
  );
}

/** Whether a path begins at something whose members nobody can know before it ran. */
export function isOpen(path: string, open: ReadonlySet<string>): boolean {
  const [first = "", second = ""] = path.split(".");
  return open.has(first === "input" ? second : first);
}
