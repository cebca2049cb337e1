import { useState, type FocusEvent, type ReactNode } from "react";
import { common } from "../i18n/en";
import { cx } from "./cx";
import type { Column } from "./DataTable";
import styles from "./VirtualTable.module.css";
import { rowHeight, useRowWindow, type Reading } from "./useRowWindow";
import { VirtualRow } from "./VirtualRow";

/**
 * A table of any length of which only what is on screen is drawn. Up, down, Page, Home and End move
 * between rows, Enter opens, Tab goes on to the row's box. It scrolls by itself and fills its place.
 */
export function VirtualTable<T extends { id: string }>({
  label,
  columns,
  rows,
  isComplete,
  href,
  onOpen,
  selection,
  onSelect,
  onReading,
  top,
  footer,
}: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  /** Whether these are all rows there are. */
  isComplete: boolean;
  /** As the address bar would have it, for another tab. */
  href: (row: T) => string;
  onOpen: (row: T) => void;
  selection: Set<string>;
  onSelect: (ids: Set<string>) => void;
  /** Told when it changes. Nearing the end is a reason to load more. */
  onReading: (reading: Reading) => void;
  /** Another number scrolls back to the first row. */
  top: number;
  /** Under the last row. */
  footer?: ReactNode;
}) {
  const [focused, setFocused] = useState<string>();
  const found = rows.findIndex(({ id }) => id === focused);
  const active = Math.max(0, found);
  const { scroller, first, last, onScroll, mark, moveTo } = useRowWindow(
    rows.length,
    top,
    onReading,
  );
  const template = ["var(--bar)", ...columns.map(({ width }) => width ?? "minmax(0, 1fr)")].join(
    " ",
  );
  const shown = rows.slice(first, last);
  const apart = found >= 0 && (found < first || found >= last) ? rows[found] : undefined;
  const toggle = (id: string) => {
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const row = (one: T, index: number) => (
    <VirtualRow
      key={one.id}
      row={one}
      index={index}
      columns={columns}
      href={href(one)}
      onOpen={onOpen}
      isActive={index === active}
      isSelected={selection.has(one.id)}
      onToggle={toggle}
    />
  );
  return (
    <div
      ref={scroller}
      className={cx(styles.scroller, "wide")}
      role="presentation"
      onScroll={onScroll}
      style={{ ["--columns" as string]: template, ["--row-height" as string]: `${rowHeight}px` }}
    >
      <div role="table" aria-label={label} aria-rowcount={isComplete ? rows.length + 1 : -1}>
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.titles}>
            <span role="columnheader">
              <PickAll rows={rows} selection={selection} onSelect={onSelect} />
            </span>
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
          style={{ blockSize: rows.length * rowHeight }}
          onKeyDown={(event) => {
            moveTo(event, active);
          }}
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
          {apart && found < first && row(apart, found)}
          {shown.map((one, at) => row(one, first + at))}
          {apart && found >= last && row(apart, found)}
        </div>
      </div>
      {footer}
    </div>
  );
}

function PickAll({
  rows,
  selection,
  onSelect,
}: {
  rows: { id: string }[];
  selection: Set<string>;
  onSelect: (ids: Set<string>) => void;
}) {
  const all = rows.length > 0 && selection.size >= rows.length;
  return (
    <input
      ref={(box) => {
        if (box) box.indeterminate = !all && selection.size > 0;
      }}
      type="checkbox"
      className={styles.check}
      aria-label={common.selectAll}
      checked={all}
      onChange={() => {
        onSelect(all ? new Set() : new Set(rows.map(({ id }) => id)));
      }}
    />
  );
}
