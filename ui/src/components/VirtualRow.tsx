import type { MouseEvent } from "react";
import { common } from "../i18n/en";
import { cx } from "./cx";
import type { Column } from "./DataTable";
import { rowHeight } from "./useRowWindow";
import styles from "./VirtualTable.module.css";

/** One row at its place. Drawn again only when its object or its state changes. */
export function VirtualRow<T extends { id: string }>({
  row,
  index,
  columns,
  href,
  onOpen,
  isActive,
  isSelected,
  onToggle,
}: {
  row: T;
  index: number;
  columns: Column<T>[];
  href: string;
  onOpen: (row: T) => void;
  /** The one that Tab leads to. */
  isActive: boolean;
  isSelected: boolean;
  onToggle: (id: string) => void;
}) {
  return (
    // A click anywhere in the row is a larger target for the link inside, not another way.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- see above
    <div
      role="row"
      aria-rowindex={index + 2}
      data-id={row.id}
      className={cx(styles.row, isSelected && styles.selected)}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      onClick={openRow}
    >
      <span role="cell">
        <input
          type="checkbox"
          className={styles.check}
          aria-label={common.selectRow}
          checked={isSelected}
          tabIndex={isActive ? 0 : -1}
          onChange={() => {
            onToggle(row.id);
          }}
        />
      </span>
      {columns.map((column) => (
        <span
          key={column.id}
          role={column.isRowHeader ? "rowheader" : "cell"}
          className={cx(styles.cell, column.align && styles.end)}
        >
          {column.isRowHeader ? (
            // A plain link: a library's costs more than the rest of the row, with every row scrolled past.
            <a
              href={href}
              className={styles.opener}
              tabIndex={isActive ? 0 : -1}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(row);
              }}
            >
              {column.cell(row)}
            </a>
          ) : (
            column.cell(row)
          )}
        </span>
      ))}
    </div>
  );
}

function openRow({ target, currentTarget }: MouseEvent<HTMLElement>): void {
  if (target instanceof Element && target.closest("a, button, input, label")) return;
  if (window.getSelection()?.isCollapsed === false) return;
  currentTarget.querySelector("a")?.click();
}
