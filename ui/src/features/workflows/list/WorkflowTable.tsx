import { useState } from "react";
import { useNavigate } from "react-router";
import type { WorkflowSummary } from "../../../api/bindings";
import { call } from "../../../api/call";
import { asApiError } from "../../../api/errors";
import { useWrite } from "../../../api/queries";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { DataTable } from "../../../components/DataTable";
import { grid } from "../../../components/grid";
import { Icon } from "../../../components/Icon";
import { Menu, type MenuEntry } from "../../../components/Menu";
import { Pill, StatusBadge } from "../../../components/Pill";
import { RelativeTime } from "../../../components/RelativeTime";
import { toast } from "../../../components/toast";
import { workflows as words } from "../../../i18n/en";
import { formatNumber } from "../../../i18n/format";
import { ConnectionPill } from "../../../workflow/ConnectionPill";
import { RefusingPill } from "../../../workflow/RefusingPill";
import { asFile, type WorkflowFile } from "../../../workflow/file";
import { ExportSheet } from "../editor/save/ExportSheet";
import styles from "./Workflows.module.css";

export function WorkflowTable({ workflows }: { workflows: WorkflowSummary[] }) {
  const [exported, setExported] = useState<WorkflowFile>();
  const [doomed, setDoomed] = useState<WorkflowSummary>();
  const entriesOf = useEntries(setExported, setDoomed);
  return (
    <>
      <DataTable
        label={words.list0}
        rows={workflows}
        href={({ id }) => `/workflows/${id}`}
        columns={[
          { id: "name", title: words.name, isRowHeader: true, cell: (row) => <Name row={row} /> },
          {
            id: "state",
            title: words.state,
            width: grid(43),
            cell: (row) => <State row={row} />,
          },
          {
            id: "today",
            title: words.todayTitle,
            width: grid(45),
            cell: ({ today }) => <Today today={today} />,
          },
          {
            id: "last",
            title: words.last,
            width: grid(28),
            cell: ({ lastReceivedAt }) =>
              lastReceivedAt === undefined ? (
                <span className="faint">{words.never}</span>
              ) : (
                <RelativeTime at={lastReceivedAt} />
              ),
          },
          {
            id: "more",
            title: words.actions,
            width: grid(19),
            align: "end",
            cell: (row) => <Menu label={words.moreOf(row.name)} entries={entriesOf(row)} />,
          },
        ]}
      />
      {exported && (
        <ExportSheet
          file={exported}
          isOpen
          onClose={() => {
            setExported(undefined);
          }}
        />
      )}
      <DeleteDialog
        workflow={doomed}
        onClose={() => {
          setDoomed(undefined);
        }}
      />
    </>
  );
}

function Name({ row }: { row: WorkflowSummary }) {
  return (
    <>
      <div className={styles.name}>{row.name}</div>
      <div className={styles.sub}>
        <ConnectionPill name={row.connection} />
        <span>{row.description}</span>
      </div>
    </>
  );
}

function State({ row }: { row: WorkflowSummary }) {
  const { status, version, latestVersion, problems } = row;
  return (
    <span className="row">
      <StatusBadge status={status} />
      <RefusingPill workflow={row} />
      {version > 0 && latestVersion > version && <Pill tone="busy">{words.unpublishedShort}</Pill>}
      {problems > 0 && <Pill tone="warn">{words.problems(problems)}</Pill>}
    </span>
  );
}

function Today({ today }: { today: WorkflowSummary["today"] }) {
  const bad = today.failed + today.rejected;
  if (today.received === 0) return <span className="faint">{words.nothingToday}</span>;
  return (
    <>
      {words.recorded(formatNumber(today.succeeded))}
      {bad > 0 && (
        <span className={styles.bad}>
          {" "}
          <Icon name="cross" size={12} /> {words.notRecorded(formatNumber(bad))}
        </span>
      )}
    </>
  );
}

function useEntries(
  setExported: (file: WorkflowFile) => void,
  setDoomed: (workflow: WorkflowSummary) => void,
) {
  const navigate = useNavigate();
  const status = useWrite("workflow_set_status");
  const save = useWrite("workflow_save");
  const fail = (error: unknown) => {
    toast("bad", asApiError(error).message);
  };
  async function duplicate(row: WorkflowSummary) {
    const { file } = await call("workflow_export", { id: row.id });
    const copy = { ...asFile(file), name: words.copyOf(row.name) };
    const { id } = await save.mutateAsync({ file: copy });
    void navigate(`/workflows/${id}?step=workflow`);
  }
  async function show(row: WorkflowSummary) {
    const { file } = await call("workflow_export", { id: row.id });
    setExported(asFile(file));
  }
  return (row: WorkflowSummary): MenuEntry[] => [
    {
      id: "test",
      label: words.test,
      onAction: () => void navigate(`/sender?workflow=${row.id}`),
    },
    ...words.statusEntries
      .filter(({ from }) => from.includes(row.status))
      .map(({ to, label }) => ({
        id: to,
        label,
        onAction: () => {
          status.mutate(
            { id: row.id, status: to },
            {
              onSuccess: () => {
                toast("ok", words.statusSet[to]);
              },
              onError: fail,
            },
          );
        },
      })),
    { id: "duplicate", label: words.duplicate, onAction: () => void duplicate(row).catch(fail) },
    { id: "export", label: words.exportFile, onAction: () => void show(row).catch(fail) },
    {
      id: "delete",
      label: words.delete,
      danger: true,
      onAction: () => {
        setDoomed(row);
      },
    },
  ];
}

function DeleteDialog({
  workflow,
  onClose,
}: {
  workflow: WorkflowSummary | undefined;
  onClose: () => void;
}) {
  const remove = useWrite("workflow_delete");
  return (
    <ConfirmDialog
      title={words.deleteTitle(workflow?.name ?? "")}
      confirm={words.delete}
      danger
      isOpen={workflow !== undefined}
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() => {
        if (!workflow) return;
        remove.mutate(
          { id: workflow.id },
          {
            onSuccess: () => {
              toast("ok", words.deleted(workflow.name));
            },
            onError: (error) => {
              toast("bad", error.message);
            },
            onSettled: onClose,
          },
        );
      }}
    >
      {words.deleteLead}
    </ConfirmDialog>
  );
}
