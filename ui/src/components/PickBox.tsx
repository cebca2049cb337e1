import { common } from "../i18n/en";
import styles from "./DataTable.module.css";

/** Which rows are chosen, by their ids. */
export type Picking = {
  selection: Set<string>;
  onSelect: (ids: Set<string>) => void;
};

/** The box of one row. */
export function PickRow({
  id,
  isActive,
  isSelected,
  onToggle,
}: {
  id: string;
  /** Tab leads to it. */
  isActive: boolean;
  isSelected: boolean;
  onToggle: (id: string) => void;
}) {
  return (
    <input
      type="checkbox"
      className={styles.check}
      aria-label={common.selectRow}
      checked={isSelected}
      tabIndex={isActive ? 0 : -1}
      onChange={() => {
        onToggle(id);
      }}
    />
  );
}

/** The box in the heading: all rows that are loaded, or none. */
export function PickAll({ rows, selection, onSelect }: Picking & { rows: { id: string }[] }) {
  const all = rows.length > 0 && rows.every(({ id }) => selection.has(id));
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
