import { useState, type FocusEvent, type KeyboardEvent, type ReactNode } from "react";
import { useHref, useNavigate } from "react-router";
import { cx } from "./cx";
import styles from "./DataTable.module.css";
import { PickAll, PickRow } from "./PickBox";
import { focusRow, rowAfter } from "./rowKeys";
import { TableRow, type Column } from "./TableRow";
import { useRowWindow, type Reading } from "./useRowWindow";

export type { Column } from "./TableRow";

/** Of a table of any length, which scrolls by itself and of which only what is on screen is drawn. */
export type Scrolling = {
  /** Whether these are all rows there are. */
  isComplete: boolean;
  /** Called when it changes. Nearing the end is a reason to load more. */
  onReading: (reading: Reading) => void;
  /** Another number scrolls back to the first row. */
  top: number;
  /** Under the last row. */
  footer?: ReactNode;
};

/**
 * Rows in columns. Tab enters it once; up, down, Home and End move between rows, the page keys too where it scrolls;
 * Enter opens what `href` (a path of this program) leads to, Tab goes on to the row's box where `selection` is given.
 */
export function DataTable<T extends { id: string }>({
  label,
  columns,
  rows,
  href,
  selection,
  onSelect,
  empty,
  scrolling,
}: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  href?: (row: T) => string;
  selection?: Set<string>;
  onSelect?: (ids: Set<string>) => void;
  empty?: ReactNode;
  /** Without it the table is as long as its rows, and the page scrolls. */
  scrolling?: Scrolling;
}) {
  const [focused, setFocused] = useState<string>();
  const found = rows.findIndex(({ id }) => id === focused);
  const active = Math.max(0, found);
  const { scroller, drawn, page, reveal, mark } = useRowWindow(rows.length, scrolling ?? {});
  const root = useHref("/");
  const navigate = useNavigate();
  const open = (row: T) => {
    if (href) void navigate(href(row));
  };
  const toggle = (id: string) => {
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const to = rowAfter(event.key, active, rows.length, page());
    if (to === undefined) return;
    event.preventDefault();
    const { currentTarget: body, target } = event;
    // It is drawn from now on, wherever it is.
    setFocused(rows[to]?.id);
    reveal(to);
    const focus = () => focusRow(body, to, target, { preventScroll: scrolling !== undefined });
    if (!focus()) requestAnimationFrame(focus);
  };
  if (rows.length === 0) return <>{empty}</>;
  const apart = found >= 0 && !drawn.includes(found) ? [found] : [];
  const widths = columns.map(({ width }) => width ?? "minmax(0, 1fr)");
  const table = (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={scrolling && (scrolling.isComplete ? rows.length + 1 : -1)}
      className={styles.table}
      style={{
        ["--columns" as string]: [...(selection ? ["var(--bar)"] : []), ...widths].join(" "),
      }}
    >
      <div role="rowgroup" className={styles.head}>
        <div role="row" aria-rowindex={scrolling && 1} className={styles.titles}>
          {selection && (
            <span role="columnheader">
              <PickAll
                rows={rows}
                selection={selection}
                onSelect={(ids) => {
                  onSelect?.(ids);
                }}
              />
            </span>
          )}
          {columns.map(({ id, title, align }) => (
            <span key={id} role="columnheader" className={cx(styles.title, align && styles.end)}>
              {title}
            </span>
          ))}
        </div>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links inside do the same */}
      <div
        role="rowgroup"
        className={styles.body}
        style={scrolling && { blockSize: `calc(${rows.length} * var(--row))` }}
        onKeyDown={move}
        onFocus={({ target }: FocusEvent<HTMLElement>) => {
          setFocused(target.closest<HTMLElement>("[data-id]")?.dataset.id);
          mark({ isFocused: true });
        }}
        onBlur={({ relatedTarget, currentTarget }) => {
          if (!currentTarget.contains(relatedTarget)) mark({ isFocused: false });
        }}
        onPointerEnter={() => {
          mark({ isHovered: true });
        }}
        onPointerLeave={() => {
          mark({ isHovered: false });
        }}
      >
        {[...drawn, ...apart]
          .sort((a, b) => a - b)
          .map((index) => {
            const row = rows[index];
            if (!row) return null;
            const isActive = index === active;
            const isSelected = selection?.has(row.id) === true;
            return (
              <TableRow
                key={row.id}
                row={row}
                index={index}
                columns={columns}
                href={href && `${root.replace(/\/$/, "")}${href(row)}`}
                onOpen={open}
                isActive={isActive}
                isSelected={isSelected}
                isPlaced={scrolling !== undefined}
                pick={
                  selection && (
                    <PickRow
                      id={row.id}
                      isActive={isActive}
                      isSelected={isSelected}
                      onToggle={toggle}
                    />
                  )
                }
              />
            );
          })}
      </div>
    </div>
  );
  if (!scrolling) return table;
  return (
    <div ref={scroller} className={cx(styles.scroller, "wide")} role="presentation">
      {table}
      {scrolling.footer}
    </div>
  );
}
