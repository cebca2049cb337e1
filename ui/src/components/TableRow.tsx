import type { ReactNode } from "react";
import { cx } from "./cx";
import styles from "./DataTable.module.css";
import { openRow } from "./rowKeys";

export type Column<T> = {
  id: string;
  title: string;
  /** CSS width; columns without one share the rest. */
  width?: string;
  align?: "end";
  /** The one that names the row; it holds the link where rows open. */
  isRowHeader?: boolean;
  cell: (row: T) => ReactNode;
};

/** One row. Drawn again only when its object or its state changes. */
export function TableRow<T extends { id: string }>({
  row,
  index,
  columns,
  href,
  onOpen,
  isActive,
  isSelected = false,
  isPlaced,
  pick,
}: {
  row: T;
  index: number;
  columns: Column<T>[];
  /** As the address bar would have it, for another tab; undefined where rows do not open. */
  href: string | undefined;
  onOpen: (row: T) => void;
  /** The one that Tab leads to. */
  isActive: boolean;
  isSelected?: boolean | undefined;
  /** At its place by counting, in a table of which only a part is drawn. */
  isPlaced: boolean;
  pick: ReactNode;
}) {
  const opens = href !== undefined;
  return (
    // A click anywhere in the row is a larger target for the link inside, not another way.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- see above
    <div
      role="row"
      aria-rowindex={isPlaced ? index + 2 : undefined}
      data-row={index}
      data-id={row.id}
      className={cx(
        styles.row,
        opens && styles.opens,
        isPlaced && styles.placed,
        isSelected && styles.selected,
      )}
      style={isPlaced ? { transform: `translateY(calc(${index} * var(--row)))` } : undefined}
      onClick={opens ? openRow : undefined}
    >
      {pick !== undefined && <span role="cell">{pick}</span>}
      {columns.map((column) => (
        <span
          key={column.id}
          role={column.isRowHeader ? "rowheader" : "cell"}
          className={cx(styles.cell, column.align && styles.end)}
        >
          {column.isRowHeader && opens ? (
            // A plain link: a library's costs more than the rest of the row, with every row scrolled past.
            <a
              href={href}
              data-opens
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
