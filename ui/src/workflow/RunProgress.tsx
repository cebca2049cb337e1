import type { Step } from "../api/bindings";
import { useRead } from "../api/queries";
import { Link } from "../components/Button";
import { ErrorNote, Note, Skeleton } from "../components/Notes";
import { StatusBadge, StatusDot } from "../components/Pill";
import { RelativeTime } from "../components/RelativeTime";
import { ValueList } from "../components/ValueList";
import { progress as words } from "../i18n/en";
import { formatDuration } from "../i18n/format";
import styles from "./RunProgress.module.css";
import { writtenBy } from "./written";

/** A run as it goes: its steps appear one after another, then the record it wrote. */
export function RunProgress({ id, isSandbox }: { id: string; isSandbox: boolean }) {
  const { data, error, refetch } = useRead("run_get", { id });
  if (!data) {
    if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
    return <Skeleton lines={3} />;
  }
  const { run, steps } = data;
  return (
    <div className={styles.run}>
      <div className={styles.head} aria-live="polite">
        <StatusBadge status={run.status} />
        {run.durationMs != null && (
          <span className="muted">{words.took(formatDuration(run.durationMs))}</span>
        )}
        {run.waitingUntil != null && <RelativeTime at={run.waitingUntil} />}
        <span className="grow" />
        <Link href={`/runs/${id}`}>{words.openRun}</Link>
      </div>
      <ol className={styles.steps} aria-label={words.steps}>
        {steps.map((step) => (
          <StepLine key={`${step.index} ${step.item ?? ""}`} step={step} isSandbox={isSandbox} />
        ))}
      </ol>
      {run.waitingReason != null && <Note tone="warn">{run.waitingReason}</Note>}
      {run.error != null && steps.every((step) => step.error == null) && (
        <Note title={run.error.message} />
      )}
    </div>
  );
}

function StepLine({ step, isSandbox }: { step: Step; isSandbox: boolean }) {
  const written = writtenBy(step);
  return (
    <li>
      <StatusDot status={step.status} />
      <div className={styles.line}>
        <b>{step.name}</b>
        {written && isSandbox && (
          <Link href={`/sandbox?member=${encodeURIComponent(written.member)}`}>
            {words.seeMember(written.member)}
          </Link>
        )}
      </div>
      {written && <ValueList label={words.wrote} entries={written.values} />}
      {step.error != null && (
        <Note tone={step.status === "failed" ? "bad" : "warn"} title={step.error.message}>
          <ul className={styles.violations}>
            {(step.error.violations ?? []).map(({ path, keyword, message }) => (
              <li key={`${path} ${keyword}`}>
                {message} <code className="faint">{path}</code>
              </li>
            ))}
            {(step.error.more ?? 0) > 0 && <li>{words.andMore(step.error.more ?? 0)}</li>}
          </ul>
        </Note>
      )}
    </li>
  );
}
