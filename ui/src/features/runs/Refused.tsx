import type { Delivery } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { RelativeTime } from "../../components/RelativeTime";
import { runs as words } from "../../i18n/en";
import { formatBytes, formatWhen } from "../../i18n/format";
import styles from "./Runs.module.css";

const columns: Column<Delivery>[] = [
  {
    id: "status",
    title: words.refused.answer,
    width: "92px",
    cell: ({ status }) => (
      <Pill tone="bad" icon="cross">
        {status}
      </Pill>
    ),
  },
  {
    id: "reason",
    title: words.refused.reason,
    isRowHeader: true,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
  {
    id: "workflow",
    title: words.columns.workflow,
    width: "180px",
    cell: ({ workflowId }) => <Whose id={workflowId} />,
  },
  { id: "from", title: words.refused.from, width: "130px", cell: ({ remoteIp }) => remoteIp },
  {
    id: "at",
    title: words.columns.received,
    width: "190px",
    cell: ({ receivedAt }) => (
      <>
        <span className="tabular">{formatWhen(receivedAt)}</span>{" "}
        <span className="faint">
          <RelativeTime at={receivedAt} />
        </span>
      </>
    ),
  },
  {
    id: "bytes",
    title: words.refused.size,
    width: "92px",
    align: "end",
    cell: ({ bytes }) => formatBytes(bytes),
  },
];

/** Requests that made no run: a wrong token, no JSON, too large, too often. */
export function Refused({ after, onPage }: { after: string; onPage: (after: string) => void }) {
  const { data, error, refetch } = useRead(
    "delivery_list",
    { limit: 100, ...(after !== "" && { after }) },
    { keep: true },
  );
  if (!data) {
    return error ? (
      <ErrorNote error={error} onRetry={() => void refetch()} />
    ) : (
      <Card>
        <Skeleton lines={8} />
      </Card>
    );
  }
  const { next } = data;
  return (
    <Card flush>
      <DataTable
        label={words.refused.table}
        columns={columns}
        rows={data.deliveries}
        empty={
          <EmptyState icon="check" title={words.refused.none}>
            {words.refused.noneLead}
          </EmptyState>
        }
      />
      {(after !== "" || next != null) && (
        <div className={styles.pager}>
          {after !== "" && (
            <Button
              icon="chevronLeft"
              onPress={() => {
                onPage("");
              }}
            >
              {words.newest}
            </Button>
          )}
          {next != null && (
            <Button
              icon="chevronRight"
              onPress={() => {
                onPage(next);
              }}
            >
              {words.older}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

function Whose({ id }: { id: string | undefined }) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const name = workflows.find((workflow) => workflow.id === id)?.name;
  return name ?? <span className="faint">{words.refused.unknown}</span>;
}
