import { workflows as words } from "../../../../i18n/en";
import { branches, dotted, isBranch, type Path } from "../../../../workflow/path";

/** One line of the payload's tree. */
export type TreeRow =
  | {
      kind: "branch" | "text" | "number" | "word";
      id: string;
      path: Path;
      name: string;
      text: string;
      /** Beside the text: how long it is, when it is too long to be shown. */
      note?: string;
      inside: TreeRow[];
    }
  /** The members that are not shown yet. */
  | { kind: "more"; id: string; of: string; left: number; count: number; name: ""; text: "" };

const step = 100;
/** No more of a string is looked at than could ever be shown. */
const shownText = 400;

/** The members of `value`; of a branch that is not open nothing further, so that a huge payload costs little. */
export function rowsOf(
  value: unknown,
  path: Path,
  open: ReadonlySet<string>,
  shown: Readonly<Record<string, number>>,
): TreeRow[] {
  if (!isBranch(value)) return [];
  const id = dotted(path);
  const members = branches(value);
  const count = shown[id] ?? step;
  const rows = members.slice(0, count).map(([name, member]): TreeRow => {
    const here = [...path, name];
    const inside = open.has(dotted(here)) ? rowsOf(member, here, open, shown) : [];
    return rowOf(here, String(name), member, inside);
  });
  const left = members.length - rows.length;
  return left > 0
    ? [
        ...rows,
        { kind: "more", id: `${id} …`, of: id, left, count: count + 5 * step, name: "", text: "" },
      ]
    : rows;
}

function rowOf(path: Path, name: string, value: unknown, inside: TreeRow[]): TreeRow {
  const row = { id: dotted(path), path, name, inside };
  if (isBranch(value)) {
    const size = Array.isArray(value) ? value.length : Object.keys(value).length;
    const text = Array.isArray(value) ? words.items(size) : words.members(size);
    return { ...row, kind: size === 0 ? "word" : "branch", text };
  }
  if (typeof value === "string") {
    const note = value.length > shownText ? words.characters(value.length) : undefined;
    const text = JSON.stringify(value.slice(0, shownText));
    return { ...row, kind: "text", text, ...(note !== undefined && { note }) };
  }
  const kind = value === null || typeof value === "boolean" ? "word" : "number";
  return { ...row, kind, text: JSON.stringify(value) };
}

const mostFound = 100;
const mostLooked = 50_000;

/** Values whose name or text holds `sought`, wherever they are, each with its whole path. */
export function findRows(value: unknown, sought: string): TreeRow[] {
  const wanted = sought.trim().toLowerCase();
  const found: TreeRow[] = [];
  const queue: { path: Path; value: unknown }[] = [{ path: [], value }];
  for (let looked = 0; looked < queue.length && looked < mostLooked; looked++) {
    const here = queue[looked];
    if (!here || found.length >= mostFound) break;
    if (isBranch(here.value)) {
      for (const [name, member] of branches(here.value)) {
        if (queue.length < mostLooked) queue.push({ path: [...here.path, name], value: member });
      }
    }
    if (here.path.length === 0 || isBranch(here.value)) continue;
    const text =
      typeof here.value === "string" ? here.value.slice(0, shownText) : String(here.value);
    const name = dotted(here.path);
    if (name.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted)) {
      found.push(rowOf(here.path, name.replace(/^input\.?/, ""), here.value, []));
    }
  }
  return found;
}

/** What is open at first: small branches near the top. */
export function firstOpen(value: unknown): Set<string> {
  const open = new Set<string>();
  const look = (at: unknown, path: Path) => {
    if (!isBranch(at) || path.length > 2) return;
    const members = branches(at);
    if (members.length > 20) return;
    if (path.length > 0) open.add(dotted(path));
    for (const [name, member] of members.slice(0, Array.isArray(at) ? 1 : undefined)) {
      look(member, [...path, name]);
    }
  };
  look(value, []);
  if (isBranch(value) && branches(value).length > 20) return new Set();
  return open;
}
