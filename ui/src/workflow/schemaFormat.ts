import { asList, asObject, text, type Json } from "./file";

/** What a draft from samples says of a blank (the engine's `infer`). */
const blank = String.raw`^[ \t\r\n]*$`;

/** The format of a text, and whether it may be blank instead: `anyOf` of a format and what a blank matches. */
export function formatOf(schema: Json): { format: string; orBlank: boolean } {
  const own = text(schema, "format");
  if (own !== "") return { format: own, orBlank: false };
  const forms = asList(schema.anyOf).map(asObject);
  const orBlank = forms.some((form) => form.pattern === blank);
  const format = forms.map((form) => text(form, "format")).find((name) => name !== "");
  return orBlank && format !== undefined
    ? { format, orBlank: true }
    : { format: "", orBlank: false };
}
