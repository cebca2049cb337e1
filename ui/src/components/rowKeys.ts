import type { MouseEvent } from "react";

/** What opens a row, where it can be opened. */
const opener = "[data-opens]";

/** The row that a key leads to from `from`; undefined for every other key. `page`: rows on a screen, where it scrolls. */
export function rowAfter(
  key: string,
  from: number,
  count: number,
  page?: number,
): number | undefined {
  const wanted = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    Home: 0,
    End: count - 1,
    ...(page !== undefined && { PageDown: from + page, PageUp: from - page }),
  }[key];
  return wanted === undefined ? undefined : Math.min(count - 1, Math.max(0, wanted));
}

/**
 * Into the row at `index` of a table, from a box to the box and from a link to the link. False where the row is not
 * drawn.
 */
export function focusRow(
  table: Element,
  index: number,
  from: EventTarget,
  options: FocusOptions,
): boolean {
  const row = table.querySelector(`[data-row="${index}"]`);
  const same = from instanceof Element && from.matches("input") ? "input" : opener;
  const found =
    row?.querySelector<HTMLElement>(same) ?? row?.querySelector<HTMLElement>("a, button, input");
  found?.focus(options);
  return row !== null;
}

/** A click anywhere in a row opens it, unless it meant something in the row or marked text. */
export function openRow({ target, currentTarget }: MouseEvent<HTMLElement>): void {
  if (target instanceof Element && target.closest("a, button, input, label, summary")) return;
  if (window.getSelection()?.isCollapsed === false) return;
  currentTarget.querySelector<HTMLElement>(opener)?.click();
}
