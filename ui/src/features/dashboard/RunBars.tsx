import { Link, Toolbar } from "react-aria-components";
import type { RunStatus, WorkflowSummary } from "../../api/bindings";
import { cx } from "../../components/cx";
import { statusLooks } from "../../components/status";
import { common, dashboard as words } from "../../i18n/en";
import styles from "./RunBars.module.css";

/** A bar a run, oldest first. Tab enters the row once; arrows move in it; Enter opens the run. */
export function RunBars({ name, runs }: { name: string; runs: WorkflowSummary["lastRuns"] }) {
  if (runs.length === 0) return <p className="faint">{words.noRuns}</p>;
  return (
    <Toolbar aria-label={words.lastRuns(name)} className={styles.bars ?? ""}>
      {runs.map(({ id, status }, index) => {
        const label = words.barLabel(common.status[status], index + 1, runs.length);
        return (
          <Link
            key={id}
            href={`/runs/${id}`}
            aria-label={label}
            className={cx(
              styles.bar,
              styles[statusLooks[status].tone],
              !isFinal(status) && styles.going,
            )}
          />
        );
      })}
    </Toolbar>
  );
}

function isFinal(status: RunStatus): boolean {
  return !["queued", "running", "waiting", "inDoubt", "held"].includes(status);
}
