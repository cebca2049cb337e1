/** A number as it was written; what is none stays the text that was typed, so that it can be named as wrong. */
export function asNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = Number(trimmed);
  return String(number) === trimmed ? number : trimmed;
}

/** The lines that say something; none at all where no line does. */
export function asLines(text: string): string[] | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? undefined : lines;
}

/** A number or a text of the file as a field shows it. */
export function asText(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}
