import type { Commands } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { DataTable, type Column } from "../../components/DataTable";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { settings as words } from "../../i18n/en";
import { formatWhen } from "../../i18n/format";
import styles from "./Settings.module.css";

type Entry = Commands["audit_list"]["response"]["entries"][number] & { id: string };

const columns: Column<Entry>[] = [
  { id: "at", title: words.auditColumns.at, width: "180px", cell: ({ at }) => formatWhen(at) },
  {
    id: "action",
    title: words.auditColumns.action,
    width: "170px",
    isRowHeader: true,
    cell: ({ action }) => words.actions[action] ?? action,
  },
  {
    id: "subject",
    title: words.auditColumns.subject,
    cell: ({ subject }) => <span title={subject}>{subject}</span>,
  },
  {
    id: "detail",
    title: words.auditColumns.detail,
    cell: ({ detail }) => <span title={detail}>{detail}</span>,
  },
];

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
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={3} />
      )}
    </Card>
  );
}
