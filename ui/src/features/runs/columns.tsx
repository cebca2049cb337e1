import type { Run } from "../../api/bindings";
import type { Column } from "../../components/DataTable";
import { grid } from "../../components/grid";
import { Pill, StatusBadge } from "../../components/Pill";
import { RelativeTime, TimeAndAge } from "../../components/RelativeTime";
import { runs as words } from "../../i18n/en";
import { formatDuration } from "../../i18n/format";
import styles from "./Runs.module.css";

export const columns: Column<Run>[] = [
  {
    id: "status",
    title: words.columns.status,
    width: grid(33),
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: "workflow",
    title: words.columns.workflow,
    width: `minmax(${grid(30)}, 22%)`,
    isRowHeader: true,
    cell: ({ workflowName, version }) => (
      <span title={workflowName}>
        {workflowName} <span className="faint">{words.version(version)}</span>
      </span>
    ),
  },
  {
    id: "member",
    title: words.columns.member,
    width: grid(24),
    cell: ({ member }) => <span title={member}>{member}</span>,
  },
  { id: "what", title: words.columns.what, cell: (run) => <What run={run} /> },
  {
    id: "received",
    title: words.columns.received,
    width: grid(45),
    cell: ({ receivedAt }) => <TimeAndAge at={receivedAt} />,
  },
  {
    id: "took",
    title: words.columns.took,
    width: grid(21),
    align: "end",
    cell: ({ durationMs }) => (typeof durationMs === "number" ? formatDuration(durationMs) : ""),
  },
];

function What({ run }: { run: Run }) {
  const { status, error, waitingReason, waitingUntil, rerunOf } = run;
  const text = error?.message ?? waitingReason;
  return (
    <span title={text ?? undefined}>
      {rerunOf != null && (
        <span className={styles.rerun}>
          <Pill icon="rerun">{words.rerunOf}</Pill>
        </span>
      )}
      {text ?? (status === "succeeded" ? <span className="faint">{words.recorded}</span> : null)}
      {waitingUntil != null && (
        <span className="faint">
          {" "}
          {words.triesAgain} <RelativeTime at={waitingUntil} />
        </span>
      )}
    </span>
  );
}
