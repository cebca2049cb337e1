import type { ReactNode } from "react";
import {
  Cell,
  Column as AriaColumn,
  Row,
  Table,
  TableBody,
  TableHeader,
  type Selection,
} from "react-aria-components";
import styles from "./DataTable.module.css";
import { cx } from "./cx";

export type Column<T> = {
  id: string;
  title: string;
  /** CSS width; columns without one share the rest. */
  width?: string;
  align?: "end";
  /** The one that names the row to a screen reader. */
  isRowHeader?: boolean;
  cell: (row: T) => ReactNode;
};

/** An accessible grid: arrows move, Enter opens (`href`), Space selects where `selection` is given. */
export function DataTable<T extends { id: string }>({
  label,
  columns,
  rows,
  href,
  onOpen,
  selection,
  onSelect,
  empty,
}: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  href?: (row: T) => string;
  onOpen?: (row: T) => void;
  selection?: Set<string>;
  onSelect?: (ids: Set<string>) => void;
  empty?: ReactNode;
}) {
  const opens = href !== undefined || onOpen !== undefined;
  const select = (keys: Selection) => {
    onSelect?.(keys === "all" ? new Set(rows.map((row) => row.id)) : (keys as Set<string>));
  };
  return (
    <Table
      aria-label={label}
      className={styles.table ?? ""}
      {...(selection && {
        selectionMode: "multiple" as const,
        selectionBehavior: "toggle" as const,
        selectedKeys: selection,
        onSelectionChange: select,
      })}
    >
      <TableHeader columns={columns} className={styles.head ?? ""}>
        {(column) => (
          <AriaColumn
            isRowHeader={column.isRowHeader ?? false}
            className={cx(styles.th, column.align && styles[column.align])}
            style={{ inlineSize: column.width }}
          >
            {column.title}
          </AriaColumn>
        )}
      </TableHeader>
      <TableBody items={rows} dependencies={[columns]} renderEmptyState={() => empty}>
        {(row) => (
          <Row
            id={row.id}
            columns={columns}
            className={cx(styles.row, opens && styles.opens)}
            {...(href && { href: href(row) })}
            {...(onOpen && {
              onAction: () => {
                onOpen(row);
              },
            })}
          >
            {(column) => (
              <Cell className={cx(styles.td, column.align && styles[column.align])}>
                {column.cell(row)}
              </Cell>
            )}
          </Row>
        )}
      </TableBody>
    </Table>
  );
}
