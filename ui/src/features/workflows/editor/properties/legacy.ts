import { call } from "../../../../api/call";

/** Whether a text may hold placeholders such as `$$name$$`. */
export function mayBeOld(text: string): boolean {
  return text.includes("$$");
}

/**
 * Pasted text in today's form. What stands before it is looked at too, because a placeholder within `{{ }}` becomes a
 * bare name. Undefined where there is nothing to rewrite.
 */
export function rewritten(
  text: string,
  before: string,
  isExpression = false,
): Promise<string> | undefined {
  if (!mayBeOld(text)) return undefined;
  return call("legacy_convert", { text: before + text, isExpression }).then(
    ({ text: whole }) => (whole.startsWith(before) ? whole.slice(before.length) : text),
    // Saving rewrites it too, so nothing is lost.
    () => text,
  );
}
