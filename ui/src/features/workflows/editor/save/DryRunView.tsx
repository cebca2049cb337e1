import { useEffect, useState } from "react";
import type { DryRow, DryRun } from "../../../../api/bindings";
import { call } from "../../../../api/call";
import { asApiError, type ApiError } from "../../../../api/errors";
import { Link } from "../../../../components/Button";
import { EmptyState, ErrorNote, Note, Skeleton } from "../../../../components/Notes";
import { Pill, StatusBadge } from "../../../../components/Pill";
import { workflows as words } from "../../../../i18n/en";
import { formatWhen, list } from "../../../../i18n/format";
import { allActions, type WorkflowFile } from "../../../../workflow/file";
import { BeforeAfter, type Group } from "./BeforeAfter";
import { dryCells, isMended, isNewFailure } from "./dryDifferences";
import { titleOf } from "../steps/summaries";

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

function Tried({ tried: { rows, untried, left }, file }: { tried: DryRun; file: WorkflowFile }) {
  const differing = rows.filter(({ changed }) => changed);
  const steps = allActions(file.actions).filter(({ id }) => untried.includes(id));
  if (rows.length === 0 && left === 0) {
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
      {left > 0 && <Note tone="warn">{words.triesLeft(left)}</Note>}
      {steps.length > 0 && <Note tone="idle">{words.untried(list(steps.map(titleOf)))}</Note>}
      {differing.length > 0 && (
        <BeforeAfter label={words.dryTable} about={words.payload} groups={differing.map(groupOf)} />
      )}
    </div>
  );
}

/** One payload: when it came, how its run would end, and every field that would be another one. */
function groupOf(row: DryRow): Group {
  const { runId, receivedAt, before, after } = row;
  const end = {
    label: words.end,
    before: before === null ? undefined : <StatusBadge status={before.outcome} />,
    after: <StatusBadge status={after.outcome} />,
  };
  const head = (
    <>
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
    </>
  );
  return { id: runId, head, cells: [end, ...dryCells(row)] };
}
