import { useState } from "react";
import type { Commands } from "../../api/bindings";
import type { Request } from "../../api/call";
import { useRead, useWrite } from "../../api/queries";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Link } from "../../components/Button";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { Segmented } from "../../components/Segments";
import { toast } from "../../components/toast";
import { runs as words } from "../../i18n/en";
import styles from "./Run.module.css";

type Ask = Commands["run_rerun"]["request"];
type Counts = Commands["run_rerun"]["response"]["counts"];

/** Some runs, or all that a filter finds. */
export type Target = { ids: string[] } | { filter: Request<"run_list"> };

/** Says first what a rerun would do, then does it. */
export function RerunDialog({
  target,
  from: initialFrom = "failed",
  onClose,
  onDone,
}: {
  target: Target;
  from?: Ask["from"];
  onClose: () => void;
  /** Given the new runs' ids. */
  onDone: (ids: string[]) => void;
}) {
  const [version, setVersion] = useState<Ask["version"]>("current");
  const [from, setFrom] = useState<Ask["from"]>(initialFrom);
  const preview = useRead("run_rerun", { ...target, version, from, preview: true }, { keep: true });
  const rerun = useWrite("run_rerun");
  const start = () => {
    rerun.mutate(
      { ...target, version, from },
      {
        onSuccess: ({ runs }) => {
          const [first] = runs;
          toast(
            "ok",
            words.rerun.done(runs.length),
            first && runs.length === 1
              ? { href: `/runs/${first.id}`, text: words.rerun.open }
              : undefined,
          );
          onDone(runs.map(({ id }) => id));
          onClose();
        },
      },
    );
  };
  const error = rerun.error ?? preview.error;
  return (
    <ConfirmDialog
      title={words.rerun.title("ids" in target ? target.ids.length : undefined)}
      confirm={words.rerun.confirm}
      isOpen
      isPending={rerun.isPending}
      onClose={onClose}
      onConfirm={start}
    >
      <div className="stack">
        <div className="row">
          <Segmented
            label={words.rerun.version}
            value={version}
            onChange={setVersion}
            options={[
              { id: "current", label: words.rerun.current },
              { id: "original", label: words.rerun.original },
            ]}
          />
          <Segmented
            label={words.rerun.from}
            value={from}
            onChange={setFrom}
            options={[
              { id: "failed", label: words.rerun.failed },
              { id: "start", label: words.rerun.start },
            ]}
          />
        </div>
        {error ? (
          <ErrorNote error={error} />
        ) : preview.data ? (
          <>
            <CountsList counts={preview.data.counts} />
            <LeftAlone left={preview.data.left} />
          </>
        ) : (
          <Skeleton lines={2} />
        )}
        <p className="muted">{words.rerun.note}</p>
      </div>
    </ConfirmDialog>
  );
}

function CountsList({ counts }: { counts: Counts }) {
  const { willWrite, alreadyWritten, needLook, willFail, wasRefused } = counts;
  return (
    <ul>
      {willWrite > 0 && (
        <li>
          <b>{words.rerun.willWrite(willWrite)}</b>
        </li>
      )}
      {wasRefused > 0 && <li>{words.rerun.wasRefused(wasRefused)}</li>}
      {alreadyWritten > 0 && <li>{words.rerun.alreadyWritten(alreadyWritten)}</li>}
      {needLook > 0 && <li>{words.rerun.needLook(needLook)}</li>}
      {willFail > 0 && <li>{words.rerun.willFail(willFail)}</li>}
      {willWrite + alreadyWritten + needLook === 0 && <li>{words.rerun.nothing}</li>}
    </ul>
  );
}

/** Runs that are not run again, each with the reason: enough of them to understand why. */
function LeftAlone({ left }: { left: Commands["run_rerun"]["response"]["left"] }) {
  if (left.length === 0) return null;
  return (
    <details>
      <summary>{words.rerun.left(left.length)}</summary>
      <ul className={styles.violations}>
        {left.slice(0, 20).map(({ id, reason }) => (
          <li key={id}>
            <Link href={`/runs/${id}`}>{words.thisRun}</Link>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
