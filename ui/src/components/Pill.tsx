import type { ReactNode } from "react";
import { common } from "../i18n/en";
import { Icon, type IconName } from "./Icon";
import styles from "./Pill.module.css";
import { cx } from "./cx";
import { statusLooks, type AnyStatus, type Tone } from "./status";

/** A short fact in a colour; the words carry the meaning, the icon helps. */
export function Pill({
  tone = "idle",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={cx(styles.pill, styles[tone])}>
      {icon && <Icon name={icon} size={13} />}
      {children}
    </span>
  );
}

/** Any run, step or workflow status as icon, word and colour. `detail` follows the word: "Active · v7". */
export function StatusBadge({ status, detail }: { status: AnyStatus; detail?: string }) {
  const { tone, icon } = statusLooks[status];
  return (
    <Pill tone={tone} icon={icon}>
      {common.status[status]}
      {detail !== undefined && ` · ${detail}`}
    </Pill>
  );
}

/** The round mark of a step on a timeline. */
export function StatusDot({ status }: { status: AnyStatus }) {
  const { tone, icon } = statusLooks[status];
  return (
    <span className={cx(styles.dot, styles[tone])} role="img" aria-label={common.status[status]}>
      <Icon name={icon} size={13} />
    </span>
  );
}
