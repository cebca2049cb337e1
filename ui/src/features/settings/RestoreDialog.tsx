import type { Restored } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Note } from "../../components/Notes";
import { settings as words } from "../../i18n/en";
import { formatNumber, formatWhen } from "../../i18n/format";
import styles from "./Settings.module.css";

/** Says what is in the backup and what becomes of the database there is, then restores. */
export function RestoreDialog({
  found,
  onClose,
  onRestarting,
}: {
  found: Restored;
  onClose: () => void;
  onRestarting: () => void;
}) {
  const restore = useWrite("restore");
  const { path, workflows, runs, unfinished, newestRunAt } = found;
  const facts: [string, string][] = [
    [words.restore.file, path],
    [words.restore.workflows, formatNumber(workflows)],
    [words.restore.runs, formatNumber(runs)],
    [
      words.restore.newest,
      newestRunAt === undefined ? words.restore.noRun : formatWhen(newestRunAt),
    ],
  ];
  return (
    <ConfirmDialog
      title={words.restore.ask}
      confirm={words.restore.confirm}
      danger
      isOpen
      isPending={restore.isPending}
      onClose={onClose}
      onConfirm={() => {
        restore.mutate({ path }, { onSuccess: onRestarting });
      }}
    >
      <div className="stack">
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p>{words.restore.text}</p>
        {unfinished > 0 && <Note tone="warn">{words.restore.unfinished(unfinished)}</Note>}
        {restore.error && <ErrorNote error={restore.error} />}
      </div>
    </ConfirmDialog>
  );
}
