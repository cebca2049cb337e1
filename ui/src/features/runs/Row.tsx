import type { ReactNode } from "react";
import { StatusDot } from "../../components/Pill";
import type { AnyStatus } from "../../components/status";
import styles from "./Run.module.css";

/** One entry of the timeline. */
export function Row({ status, children }: { status: AnyStatus; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <StatusDot status={status} />
      <div className={styles.content}>{children}</div>
    </li>
  );
}
