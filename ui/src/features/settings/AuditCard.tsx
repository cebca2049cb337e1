import type { Commands } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Link } from "../../components/Button";
import { Card } from "../../components/Card";
import { DataTable, type Column } from "../../components/DataTable";
import { grid } from "../../components/grid";
import { Waiting } from "../../components/Waiting";
import { settings as words } from "../../i18n/en";
import { formatWhen } from "../../i18n/format";
import styles from "./Settings.module.css";

type Entry = Commands["audit_list"]["response"]["entries"][number] & { id: string };

const columns: Column<Entry>[] = [
  { id: "at", title: words.auditColumns.at, width: grid(45), cell: ({ at }) => formatWhen(at) },
  {
    id: "action",
    title: words.auditColumns.action,
    width: grid(43),
    isRowHeader: true,
    cell: ({ action }) => words.actions[action] ?? action,
  },
  {
    id: "subject",
    title: words.auditColumns.subject,
    cell: (entry) => <Subject entry={entry} />,
  },
  {
    id: "detail",
    title: words.auditColumns.detail,
    cell: ({ detail }) => <span title={detail}>{detail}</span>,
  },
];

function Subject({ entry: { action, subject } }: { entry: Entry }) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  if (action.startsWith("run_")) return <Link href={`/runs/${subject}`}>{subject}</Link>;
  const workflow = workflows.find(({ id }) => id === subject);
  if (workflow) return <Link href={`/workflows/${subject}`}>{workflow.name}</Link>;
  return <span title={subject}>{subject}</span>;
}

export function AuditCard() {
  const { data, error, refetch } = useRead("audit_list", { limit: 50 });
  return (
    <Card title={words.audit} aside={<span className="faint">{words.auditNote}</span>} flush>
      {data ? (
        <DataTable
          label={words.auditTable}
          columns={columns}
          rows={data.entries.map((entry, index) => ({
            ...entry,
            id: `${entry.at} ${entry.action} ${index}`,
          }))}
          empty={<p className={styles.none}>{words.auditNone}</p>}
        />
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={3} />
      )}
    </Card>
  );
}
