import { handoff as words } from "../../i18n/en";
import type { Sheet } from "./sheet";

/** The sheet as one page that needs nothing else: for an e-mail or a wiki. */
export function asHtml(sheet: Sheet): string {
  const { parts } = words;
  const body = [
    `<h1>${safe(sheet.title)}</h1>`,
    paragraph(sheet.description),
    `<h2>${parts.request}</h2>`,
    pre(`POST ${sheet.url}`),
    table([parts.header, parts.value], sheet.headers),
    paragraph(sheet.secret),
    `<h2>${parts.sample}</h2>`,
    pre(sheet.sample),
    ...(sheet.schema.length === 0
      ? []
      : [
          `<h2>${parts.schema}</h2>`,
          table(
            [parts.field, parts.what],
            sheet.schema.map(({ path, required, what }) => [
              `${path}${required ? ` (${words.required})` : ""}`,
              what,
            ]),
          ),
        ]),
    `<h2>${parts.answers}</h2>`,
    table([parts.status, parts.meaning], sheet.answers),
    `<h2>${parts.retry}</h2>`,
    `<ul>${sheet.retry.map((sentence) => `<li>${safe(sentence)}</li>`).join("")}</ul>`,
    ...(sheet.tests.length === 0
      ? []
      : [`<h2>${parts.tests}</h2>`, table([parts.test, parts.payload], sheet.tests)]),
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${safe(sheet.title)}</title><style>${style}</style></head>`,
    `<body>${body.join("\n")}</body></html>`,
  ].join("\n");
}

const style =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1e1d1a}" +
  "h1{font-size:1.5em}h2{font-size:1.1em;margin-top:1.6em}" +
  "pre{background:#f4f4f2;padding:.8em;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}" +
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3em .8em .3em 0;" +
  "border-bottom:1px solid #e0dfda;overflow-wrap:anywhere}" +
  "@page{margin:14mm}@media print{body{font-size:9pt;line-height:1.35;max-width:none;margin:0;padding:0}" +
  "h2{margin:.8em 0 .2em;break-after:avoid}th,td{padding-block:.15em}pre,tr,li{break-inside:avoid}}";

function table(titles: string[], rows: [string, string][]): string {
  const row = (cells: string[], tag: "th" | "td") =>
    `<tr>${cells.map((text) => `<${tag}>${safe(text)}</${tag}>`).join("")}</tr>`;
  return `<table>${row(titles, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
}

function paragraph(text: string): string {
  return text === "" ? "" : `<p>${safe(text)}</p>`;
}

function pre(text: string): string {
  return `<pre>${safe(text)}</pre>`;
}

function safe(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
