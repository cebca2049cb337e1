import type { RecordRow } from "../../api/bindings";

type Value = { name: string; value: string };

const most = 3;

/** The records that share the most values with what was sent, at most three, and which values those are. */
export function likest(rows: RecordRow[], sent: Value[]): { row: RecordRow; same: Set<string> }[] {
  const wanted = new Map(sent.map(({ name, value }) => [plain(name), plain(value)]));
  return rows
    .map((row) => ({
      row,
      same: new Set(
        row.values
          .filter(({ name, value }) => wanted.get(plain(name)) === plain(value))
          .map(({ name }) => name),
      ),
    }))
    .sort((a, b) => b.same.size - a.same.size)
    .slice(0, most);
}

/** iMIS may change case, blanks at the end and the way a time is written. */
function plain(text: string): string {
  return text.trim().toLowerCase().replace(/\.0+$/, "").replace(" ", "t");
}
