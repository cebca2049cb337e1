import type { RecordRow } from "../../api/bindings";

/** What people look for comes first; the member's own ID says nothing here. */
const first = ["TRANSACTION_DATE", "ACTIVITY_TYPE", "PRODUCT_CODE", "DESCRIPTION", "SEQN"];
const hidden = new Set(["PartyId", "ID", "ContactKey"]);

/** The properties that any of the rows has, in a good order. */
export function columnsOf(rows: RecordRow[]): string[] {
  const all = new Set(rows.flatMap(({ values }) => values.map(({ name }) => name)));
  const rest = [...all].filter((name) => !first.includes(name) && !hidden.has(name));
  return [...first.filter((name) => all.has(name)), ...rest];
}

/** In steps of the grid, wide enough for what is usually in it; the table scrolls sideways. */
export function widthOf(name: string): number {
  if (/date|time/i.test(name)) return 48;
  if (["SEQN", "ACTIVITY_TYPE", "Ordinal"].includes(name)) return 25;
  return /description|note/i.test(name) ? 45 : 33;
}
