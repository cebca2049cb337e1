import type { Delivery } from "../../../api/bindings";
import { useRead } from "../../../api/queries";
import type { Column } from "../../../components/DataTable";
import { grid } from "../../../components/grid";
import { Pill } from "../../../components/Pill";
import { TimeAndAge } from "../../../components/RelativeTime";
import { deliveries as words } from "../../../i18n/en";
import { formatBytes } from "../../../i18n/format";
import styles from "../Runs.module.css";

export const columns: Column<Delivery>[] = [
  {
    id: "status",
    title: words.answer,
    width: grid(23),
    cell: ({ status }) => (
      <Pill tone="bad" icon="cross">
        {status}
      </Pill>
    ),
  },
  {
    id: "reason",
    title: words.reason,
    isRowHeader: true,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
  { id: "what", title: words.body, width: grid(35), cell: (row) => <Marks row={row} /> },
  {
    id: "workflow",
    title: words.workflow,
    width: grid(35),
    cell: ({ workflowId }) => <Whose id={workflowId} />,
  },
  { id: "from", title: words.from, width: grid(28), cell: ({ remoteIp }) => remoteIp },
  {
    id: "at",
    title: words.received,
    width: grid(43),
    cell: ({ receivedAt }) => <TimeAndAge at={receivedAt} />,
  },
];

/** What is left of it, and what became of it. */
function Marks({ row: { times, bytes, bodyKept, releasedRun } }: { row: Delivery }) {
  return (
    <span className={styles.marks}>
      {times > 1 && <Pill tone="warn">{words.times(times)}</Pill>}
      {releasedRun !== undefined && (
        <Pill tone="ok" icon="play">
          {words.released}
        </Pill>
      )}
      {bodyKept ? (
        <span>{formatBytes(bytes)}</span>
      ) : (
        <span className="faint">
          {bytes > 0 ? words.notKept(formatBytes(bytes)) : words.noBody}
        </span>
      )}
    </span>
  );
}

function Whose({ id }: { id: string | undefined }) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const name = workflows.find((workflow) => workflow.id === id)?.name;
  return name === undefined ? (
    <span className="faint">{words.unknown}</span>
  ) : (
    <span title={name}>{name}</span>
  );
}
