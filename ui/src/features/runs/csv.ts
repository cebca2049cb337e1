import type { Run } from "../../api/bindings";
import { common, runs as words } from "../../i18n/en";

const columns: [title: string, value: (run: Run) => string | number | null | undefined][] = [
  [words.csv.id, ({ id }) => id],
  [words.columns.status, ({ status }) => common.status[status]],
  [words.columns.workflow, ({ workflowName }) => workflowName],
  [words.columns.member, ({ member }) => member],
  [words.csv.version, ({ version }) => version],
  [words.columns.received, ({ receivedAt }) => receivedAt],
  [words.csv.started, ({ startedAt }) => startedAt],
  [words.csv.finished, ({ finishedAt }) => finishedAt],
  [words.csv.took, ({ durationMs }) => durationMs],
  [words.csv.attempts, ({ attempts }) => attempts],
  [words.csv.rerunOf, ({ rerunOf }) => rerunOf],
  [words.csv.code, ({ error }) => error?.code],
  [words.columns.what, ({ error, waitingReason }) => error?.message ?? waitingReason],
];

/** For spreadsheets: a heading, then a line a run. */
export function asCsv(runs: Run[]): string {
  const lines = [
    columns.map(([title]) => title),
    ...runs.map((run) => columns.map(([, value]) => String(value(run) ?? ""))),
  ];
  return lines.map((cells) => cells.map(cell).join(",")).join("\r\n");
}

/**
 * Text that a spreadsheet would take for a formula is marked as text (OWASP, CSV injection). Where lists are separated
 * by semicolons a spreadsheet ends cells there, and quotes in the middle of what it takes for one do not keep lines
 * together: what comes after either is marked as well.
 */
function cell(text: string): string {
  const begun = /^[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  const safe = begun.replaceAll(/([;\r\n][\s"']*)(?=[=+\-@＝＋－＠])/g, "$1'");
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
