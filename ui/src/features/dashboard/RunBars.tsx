import { useEffect, useRef, useState } from "react";
import { Link, Toolbar } from "react-aria-components";
import type { RunStatus, WorkflowSummary } from "../../api/bindings";
import { cx } from "../../components/cx";
import { statusLooks } from "../../components/status";
import { common, dashboard as words } from "../../i18n/en";
import styles from "./RunBars.module.css";

/** A bar and its gap: the smallest target that WCAG 2.2 allows. */
const pitch = 24;

/**
 * A bar a run, oldest first, as many of the newest as fit. Tab enters the row once; arrows move in it;
 * Enter opens the run.
 */
export function RunBars({ name, runs }: { name: string; runs: WorkflowSummary["lastRuns"] }) {
  const box = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(16);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      setFits(Math.max(1, Math.floor((element.clientWidth + 2) / pitch)));
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
    };
  }, []);
  // Somebody on a bar keeps it under their hand.
  const [held, setHeld] = useState<WorkflowSummary["lastRuns"]>();
  const hold = () => {
    setHeld((before) => before ?? runs);
  };
  const release = () => {
    setHeld(undefined);
  };
  const shown = (held ?? runs).slice(-fits);
  return (
    <div
      ref={box}
      className={styles.box}
      role="presentation"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) release();
      }}
    >
      {shown.length === 0 ? (
        <p className="faint">{words.noRuns}</p>
      ) : (
        <Toolbar aria-label={words.lastRuns(name)} className={styles.bars ?? ""}>
          {shown.map(({ id, status }, index) => (
            <Link
              // By place: what streams in changes colours and moves nothing.
              key={index}
              href={`/runs/${id}`}
              aria-label={words.barLabel(common.status[status], index + 1, shown.length)}
              className={cx(
                styles.bar,
                styles[statusLooks[status].tone],
                !isFinal(status) && styles.going,
              )}
            />
          ))}
        </Toolbar>
      )}
    </div>
  );
}

function isFinal(status: RunStatus): boolean {
  return !["queued", "running", "waiting", "inDoubt", "held"].includes(status);
}
