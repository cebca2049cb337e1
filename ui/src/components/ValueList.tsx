import type { ReactNode } from "react";
import { cx } from "./cx";
import styles from "./ValueList.module.css";

export type NamedValue = {
  /** Tells entries apart whose names may be the same; without it the name does. */
  id?: string;
  name: string;
  value: ReactNode;
};

/** Names and their values, as a program writes them. */
export function ValueList({
  entries,
  label,
  wide = false,
}: {
  entries: NamedValue[];
  label?: string;
  /** The names in a column of some width of their own. */
  wide?: boolean;
}) {
  return (
    <dl className={cx(styles.values, wide && styles.wide)} aria-label={label}>
      {entries.map(({ id, name, value }) => (
        <div key={id ?? name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
