import { ProgressBar } from "react-aria-components";
import { LinkButton } from "../../components/Button";
import { Card } from "../../components/Card";
import { EmptyState, Note } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { sender as words } from "../../i18n/en";
import { formatDuration, formatNumber } from "../../i18n/format";
import { quantile, type Tally } from "./sendAll";
import styles from "./Sender.module.css";

/** How far a batch is, and what was answered. */
export function BatchResult({
  tally,
  all,
  isGoing,
  workflowId,
}: {
  tally: Tally;
  all: number;
  isGoing: boolean;
  workflowId: string;
}) {
  if (tally.sent === 0 && !isGoing) {
    return (
      <Card>
        <EmptyState icon="sender" title={words.nothingYet}>
          {words.batch.nothingYet}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card
      title={words.batch.result}
      actions={
        <LinkButton href={`/runs?workflow=${workflowId}&time=hour`}>{words.batch.runs}</LinkButton>
      }
    >
      <div className={styles.answer}>
        <ProgressBar
          aria-label={words.batch.progress}
          value={tally.sent}
          maxValue={Math.max(1, all)}
          className={styles.progress ?? ""}
        >
          {({ percentage = 0 }) => (
            <>
              <span className={styles.track}>
                <span style={{ inlineSize: `${percentage}%` }} />
              </span>
              <span className="tabular">
                {words.batch.sent(formatNumber(tally.sent), formatNumber(all))}
              </span>
            </>
          )}
        </ProgressBar>
        <div className="row">
          {Object.entries(tally.answers).map(([status, count]) => {
            const isGood = status.startsWith("2");
            return (
              <Pill key={status} tone={isGood ? "ok" : "bad"} icon={isGood ? "check" : "cross"}>
                {words.batch.answers(formatNumber(count), status)}
              </Pill>
            );
          })}
        </div>
        {tally.times.length > 0 && (
          <p className="muted">
            {words.batch.times(
              formatDuration(quantile(tally, 0.5)),
              formatDuration(quantile(tally, 0.95)),
            )}
          </p>
        )}
        {tally.fault !== undefined && <Note title={tally.fault} />}
        {!isGoing && tally.sent < all && <p className="muted">{words.batch.stopped}</p>}
      </div>
    </Card>
  );
}
