import { useState } from "react";
import { useSearchParams } from "react-router";
import { useRead } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { DataTable } from "../../components/DataTable";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { useNow } from "../../components/RelativeTime";
import { Segmented } from "../../components/Switch";
import { common, runs as words } from "../../i18n/en";
import { columns } from "./columns";
import { FilterBar } from "./FilterBar";
import { asRequest, isFiltered, readFilter, writeFilter, type Filter } from "./filter";
import { Refused } from "./Refused";
import { RerunDialog, type Target } from "./RerunDialog";
import styles from "./Runs.module.css";

export function RunsPage() {
  const [params, setParams] = useSearchParams();
  if (params.get("view") !== "refused") return <AllRuns />;
  return (
    <Page>
      <PageHeader title={words.refused.title} lead={words.refused.lead} actions={<View />} />
      <Refused
        after={params.get("after") ?? ""}
        onPage={(after) => {
          setParams({ view: "refused", ...(after !== "" && { after }) });
        }}
      />
    </Page>
  );
}

/** Runs, or the requests that made none. */
function View() {
  const [params, setParams] = useSearchParams();
  return (
    <Segmented
      bare
      label={words.view}
      value={params.get("view") === "refused" ? "refused" : "runs"}
      onChange={(view) => {
        setParams(view === "refused" ? { view } : {});
      }}
      options={[
        { id: "runs", label: words.views.runs },
        { id: "refused", label: words.views.refused },
      ]}
    />
  );
}

function AllRuns() {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const found = asRequest(filter, useNow());
  const { data, error, refetch, isPlaceholderData } = useRead(
    "run_list",
    { ...found, limit: 100, ...(filter.after !== "" && { after: filter.after }) },
    { keep: true },
  );
  const [selection, setSelection] = useState<Set<string>>(new Set());
  const [target, setTarget] = useState<Target>();
  const change = (next: Partial<Filter>) => {
    setSelection(new Set());
    setParams(writeFilter({ ...filter, after: "", ...next }));
  };
  return (
    <Page>
      <PageHeader
        title={words.titleOf(filter.status, statusWord(filter.status))}
        lead={<Lead filter={filter} />}
        actions={
          <Actions
            selected={selection.size}
            onClear={() => {
              setSelection(new Set());
            }}
            onRerun={() => {
              setTarget({ ids: [...selection] });
            }}
            {...(isFiltered(filter) &&
              (data?.runs.length ?? 0) > 0 && {
                onRerunFound: () => {
                  setTarget({ filter: found });
                },
              })}
          />
        }
      />
      <FilterBar filter={filter} onChange={change} />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data ? (
        <Card flush>
          <div className={isPlaceholderData ? styles.stale : undefined}>
            <DataTable
              label={words.table}
              columns={columns}
              rows={data.runs}
              href={({ id }) => `/runs/${id}`}
              selection={selection}
              onSelect={setSelection}
              empty={<Empty filtered={isFiltered(filter)} />}
            />
          </div>
          <Pager
            first={filter.after === ""}
            {...(data.next != null && {
              onOlder: () => {
                change({ after: data.next ?? "" });
              },
            })}
            onNewest={() => {
              change({ after: "" });
            }}
          />
        </Card>
      ) : (
        !error && (
          <Card>
            <Skeleton lines={8} />
          </Card>
        )
      )}
      {target && (
        <RerunDialog
          target={target}
          onClose={() => {
            setTarget(undefined);
          }}
          onDone={() => {
            setSelection(new Set());
          }}
        />
      )}
    </Page>
  );
}

function statusWord(status: string): string | undefined {
  return status in common.status ? common.status[status as keyof typeof common.status] : undefined;
}

function Lead({ filter }: { filter: Filter }) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const chosen = workflows.find(({ id }) => id === filter.workflow);
  return chosen ? words.leadOf(chosen.name) : words.lead;
}

function Actions({
  selected,
  onRerun,
  onClear,
  onRerunFound,
}: {
  selected: number;
  onRerun: () => void;
  onClear: () => void;
  onRerunFound?: () => void;
}) {
  if (selected > 0) {
    return (
      <>
        <Button variant="quiet" onPress={onClear}>
          {words.clearSelection}
        </Button>
        <Button variant="primary" icon="rerun" onPress={onRerun}>
          {words.rerunSelected(selected)}
        </Button>
      </>
    );
  }
  return (
    <>
      {onRerunFound && <Button onPress={onRerunFound}>{words.rerunFound}</Button>}
      <View />
    </>
  );
}

function Pager({
  first,
  onOlder,
  onNewest,
}: {
  first: boolean;
  onOlder?: () => void;
  onNewest: () => void;
}) {
  if (first && !onOlder) return null;
  return (
    <div className={styles.pager}>
      {!first && (
        <Button icon="chevronLeft" onPress={onNewest}>
          {words.newest}
        </Button>
      )}
      {onOlder && (
        <Button icon="chevronRight" onPress={onOlder}>
          {words.older}
        </Button>
      )}
    </div>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState
      icon="search"
      title={words.noneFound}
      action={<LinkButton href="/runs">{words.showAll}</LinkButton>}
    >
      {words.noneFoundLead}
    </EmptyState>
  ) : (
    <EmptyState
      icon="runs"
      title={words.none}
      action={
        <LinkButton href="/sender" variant="primary">
          {words.sendTest}
        </LinkButton>
      }
    >
      {words.noneLead}
    </EmptyState>
  );
}
