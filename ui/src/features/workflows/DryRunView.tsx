import { useEffect, useState } from "react";
import type { DryRow, DryRun } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError, type ApiError } from "../../api/errors";
import { Button, Link } from "../../components/Button";
import { EmptyState, ErrorNote, Note, Skeleton } from "../../components/Notes";
import { Pill, StatusBadge } from "../../components/Pill";
import { visible } from "../../components/visible";
import { workflows as words } from "../../i18n/en";
import { formatWhen, list } from "../../i18n/format";
import { allActions, type WorkflowFile } from "../../workflow/file";
import { Value } from "./Differences";
import styles from "./Differences.module.css";
import { dryCells, isMended, isNewFailure } from "./dryDifferences";
import { titleOf } from "./summaries";

const limit = 50;

/** What the last payloads would do: the version that runs now against the one on the screen. Nothing is written. */
export function DryRunView({ id, file }: { id: string; file: WorkflowFile }) {
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<{ tried: DryRun } | { error: ApiError }>();
  useEffect(() => {
    let wanted = true;
    call("workflow_dry_run", { id, file, limit }).then(
      (tried) => {
        if (wanted) setAnswer({ tried });
      },
      (error: unknown) => {
        if (wanted) setAnswer({ error: asApiError(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [id, file, tries]);
  if (answer === undefined) return <Skeleton lines={4} />;
  if ("error" in answer) {
    return (
      <ErrorNote
        error={answer.error}
        onRetry={() => {
          setAnswer(undefined);
          setTries(tries + 1);
        }}
      />
    );
  }
  return <Tried tried={answer.tried} file={file} />;
}

function Tried({ tried: { rows, untried }, file }: { tried: DryRun; file: WorkflowFile }) {
  const differing = rows.filter(({ changed }) => changed);
  const steps = allActions(file.actions).filter(({ id }) => untried.includes(id));
  if (rows.length === 0) {
    return (
      <EmptyState icon="runs" title={words.noPayloads}>
        {words.noPayloadsLead}
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      <p role="status">
        <b>
          {words.tried({
            all: rows.length,
            same: rows.length - differing.length,
            failures: rows.filter(isNewFailure).length,
            mended: rows.filter(isMended).length,
          })}
        </b>
      </p>
      {steps.length > 0 && <Note tone="idle">{words.untried(list(steps.map(titleOf)))}</Note>}
      {differing.length > 0 && <Rows rows={differing} />}
    </div>
  );
}

const mostCells = 12;

function Rows({ rows }: { rows: DryRow[] }) {
  return (
    <table className={styles.table} aria-label={words.dryTable}>
      <thead>
        <tr>
          <th scope="col">{words.payload}</th>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.before}</th>
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.runId} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: DryRow }) {
  const [all, setAll] = useState(false);
  const cells = dryCells(row);
  const shown = all ? cells : cells.slice(0, mostCells);
  const more = cells.length - shown.length;
  const { runId, receivedAt, before, after } = row;
  return (
    <>
      <tr className={styles.first}>
        <th scope="rowgroup" rowSpan={shown.length + (more > 0 ? 2 : 1)}>
          <Link href={`/runs/${runId}`}>{formatWhen(receivedAt)}</Link>
          {isNewFailure(row) && (
            <Pill tone="bad" icon="cross">
              {words.newFailure}
            </Pill>
          )}
          {isMended(row) && (
            <Pill tone="ok" icon="check">
              {words.mended}
            </Pill>
          )}
        </th>
        <td className="muted">{words.end}</td>
        <td>
          {before === null ? <Value text={undefined} /> : <StatusBadge status={before.outcome} />}
        </td>
        <td>
          <StatusBadge status={after.outcome} />
        </td>
      </tr>
      {shown.map((cell) => (
        <tr key={cell.label}>
          <td>{visible(cell.label)}</td>
          <td className={styles.value}>
            <Value text={cell.before} />
          </td>
          <td className={styles.value}>
            <Value text={cell.after} />
          </td>
        </tr>
      ))}
      {more > 0 && (
        <tr>
          <td colSpan={3}>
            <Button
              variant="quiet"
              onPress={() => {
                setAll(true);
              }}
            >
              {words.showMore(String(more))}
            </Button>
          </td>
        </tr>
      )}
    </>
  );
}
