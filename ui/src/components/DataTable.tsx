import { useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { Button, Link } from "react-aria-components";
import { common } from "../i18n/en";
import { cx } from "./cx";
import styles from "./DataTable.module.css";

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

type Opening<T> = {
  href?: (row: T) => string;
  onOpen?: (row: T) => void;
};

/**
 * A table of a page of rows. Tab enters it once; up and down move between rows, Enter opens (`href` or
 * `onOpen`), Tab goes on to the row's box where `selection` is given. A row whose object is the same
 * as before is not drawn again.
 */
export function DataTable<T extends { id: string }>({
  label,
  columns,
  rows,
  href,
  onOpen,
  selection,
  onSelect,
  empty,
}: Opening<T> & {
  label: string;
  columns: Column<T>[];
  rows: T[];
  selection?: Set<string>;
  onSelect?: (ids: Set<string>) => void;
  empty?: ReactNode;
}) {
  const [last, setLast] = useState<string>();
  const active = rows.some(({ id }) => id === last) ? last : rows[0]?.id;
  const toggle = (id: string) => {
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  if (rows.length === 0) return <>{empty}</>;
  return (
    <table aria-label={label} className={styles.table}>
      <thead className={styles.head}>
        <tr>
          {selection && (
            <th className={cx(styles.th, styles.pick)}>
              <PickAll
                rows={rows}
                selection={selection}
                onSelect={(ids) => {
                  onSelect?.(ids);
                }}
              />
            </th>
          )}
          {columns.map(({ id, title, width, align }) => (
            <th
              key={id}
              scope="col"
              className={cx(styles.th, align && styles[align])}
              style={{ inlineSize: width }}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links inside do the same */}
      <tbody
        onKeyDown={moveBetweenRows}
        onFocus={({ target }) => {
          setLast(target.closest("tr")?.dataset.id);
        }}
      >
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            columns={columns}
            isActive={row.id === active}
            isSelected={selection?.has(row.id)}
            onToggle={toggle}
            {...(href && { href })}
            {...(onOpen && { onOpen })}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row<T extends { id: string }>({
  row,
  columns,
  isActive,
  isSelected,
  onToggle,
  href,
  onOpen,
}: Opening<T> & {
  row: T;
  columns: Column<T>[];
  isActive: boolean;
  /** Undefined where nothing can be selected. */
  isSelected: boolean | undefined;
  onToggle: (id: string) => void;
}) {
  const opens = href !== undefined || onOpen !== undefined;
  return (
    // A click anywhere in the row is a larger target for the link inside, not another way.

    <tr
      data-id={row.id}
      className={cx(styles.row, opens && styles.opens, isSelected === true && styles.selected)}
      onClick={opens ? openRow : undefined}
    >
      {isSelected !== undefined && (
        <td className={cx(styles.td, styles.pick)}>
          <Pick
            label={common.selectRow}
            isSelected={isSelected}
            tabIndex={isActive ? 0 : -1}
            onChange={() => {
              onToggle(row.id);
            }}
          />
        </td>
      )}
      {columns.map((column) => {
        const className = cx(styles.td, column.align && styles[column.align]);
        return column.isRowHeader ? (
          <th key={column.id} scope="row" className={cx(className, styles.rowHeader)}>
            <Opener
              row={row}
              isActive={isActive}
              {...(href && { href })}
              {...(onOpen && { onOpen })}
            >
              {column.cell(row)}
            </Opener>
          </th>
        ) : (
          <td key={column.id} className={className}>
            {column.cell(row)}
          </td>
        );
      })}
    </tr>
  );
}

function Opener<T>({
  row,
  isActive,
  href,
  onOpen,
  children,
}: Opening<T> & { row: T; isActive: boolean; children: ReactNode }) {
  const shared = {
    className: styles.opener ?? "",
    "data-opens": true,
    excludeFromTabOrder: !isActive,
  };
  if (href) {
    return (
      <Link {...shared} href={href(row)}>
        {children}
      </Link>
    );
  }
  if (!onOpen) return children;
  return (
    <Button
      {...shared}
      onPress={() => {
        onOpen(row);
      }}
    >
      {children}
    </Button>
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
  const all = rows.every(({ id }) => selection.has(id));
  return (
    <Pick
      label={common.selectAll}
      isSelected={all}
      isSome={!all && selection.size > 0}
      onChange={() => {
        onSelect(all ? new Set() : new Set(rows.map(({ id }) => id)));
      }}
    />
  );
}

function Pick({
  label,
  isSelected,
  isSome = false,
  tabIndex,
  onChange,
}: {
  label: string;
  isSelected: boolean;
  isSome?: boolean;
  tabIndex?: number;
  onChange: () => void;
}) {
  return (
    <input
      ref={(box) => {
        if (box) box.indeterminate = isSome;
      }}
      type="checkbox"
      className={styles.check}
      aria-label={label}
      checked={isSelected}
      tabIndex={tabIndex}
      onChange={onChange}
    />
  );
}

function openRow(event: MouseEvent<HTMLTableRowElement>): void {
  const { target, currentTarget } = event;
  if (target instanceof Element && target.closest("a, button, input, label, summary")) return;
  if (window.getSelection()?.isCollapsed === false) return;
  currentTarget.querySelector<HTMLElement>("[data-opens]")?.click();
}

function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const { key, target, currentTarget } = event;
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(key) || !(target instanceof Element))
    return;
  const rows = [...currentTarget.rows];
  const at = rows.findIndex((row) => row.contains(target));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
  const row = to === undefined ? undefined : rows[to];
  if (!row) return;
  event.preventDefault();
  const same = target.matches("input") ? "input" : "[data-opens]";
  (
    row.querySelector<HTMLElement>(same) ?? row.querySelector<HTMLElement>("a, button, input")
  )?.focus();
}
