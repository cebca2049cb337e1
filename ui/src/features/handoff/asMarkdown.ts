import { handoff as words } from "../../i18n/en";
import type { Sheet } from "./sheet";

/** The sheet for a ticket or a repository. */
export function asMarkdown(sheet: Sheet): string {
  const { parts } = words;
  return [
    `# ${line(sheet.title)}`,
    ...(sheet.description === "" ? [] : [line(sheet.description)]),
    `## ${parts.request}`,
    code(`POST ${sheet.url}`),
    table([parts.header, parts.value], sheet.headers),
    line(sheet.secret),
    `## ${parts.sample}`,
    code(sheet.sample, "json"),
    ...(sheet.schema.length === 0
      ? []
      : [
          `## ${parts.schema}`,
          table(
            [parts.field, parts.what],
            sheet.schema.map(({ path, required, what }) => [
              `${path}${required ? ` (${words.required})` : ""}`,
              what,
            ]),
          ),
        ]),
    `## ${parts.answers}`,
    table([parts.status, parts.meaning], sheet.answers),
    `## ${parts.retry}`,
    sheet.retry.map((sentence) => `- ${sentence}`).join("\n"),
    ...(sheet.tests.length === 0
      ? []
      : [`## ${parts.tests}`, table([parts.test, parts.payload], sheet.tests)]),
  ].join("\n\n");
}

function table(titles: string[], rows: [string, string][]): string {
  const draw = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [draw(titles), `|${titles.map(() => " --- |").join("")}`, ...rows.map(draw)].join("\n");
}

/** Nothing in a name is markup. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`);
}

function cell(text: string): string {
  return line(text);
}

/** A fence longer than any in the text. */
function code(text: string, language = ""): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
