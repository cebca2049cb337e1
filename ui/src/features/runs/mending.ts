import { asObject, type Json } from "../../workflow/file";

/** Texts of a payload that may say who a member is, e-mail addresses first: what to search members for. */
export function hints(payload: unknown): string[] {
  const found: { text: string; isMail: boolean }[] = [];
  walk(asObject(payload), found, 0);
  const mails = found.filter(({ isMail }) => isMail);
  const names = found.filter(({ isMail }) => !isMail);
  return [...new Set([...mails, ...names].map(({ text }) => text))].slice(0, 3);
}

function walk(object: Json, found: { text: string; isMail: boolean }[], depth: number): void {
  for (const [key, value] of Object.entries(object).slice(0, 100)) {
    if (typeof value === "string") {
      const text = value.trim();
      const isMail = /^\S+@\S+\.\S+$/.test(text);
      if (isMail || (/name/i.test(key) && text.length > 1)) found.push({ text, isMail });
    } else if (depth < 4) walk(asObject(value), found, depth + 1);
  }
}
