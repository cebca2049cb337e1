import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useRead } from "../../../api/queries";
import { Button } from "../../../components/Button";
import { Card, Page, PageHeader } from "../../../components/Card";
import { DataTable } from "../../../components/DataTable";
import { EmptyState, ErrorNote, Skeleton } from "../../../components/Notes";
import { Select } from "../../../components/Select";
import { deliveries as words } from "../../../i18n/en";
import styles from "../Runs.module.css";
import { columns } from "./columns";
import { asMany, asRequest, isFiltered, readFilter, writeFilter, type Filter } from "./filter";
import { ReleaseMany } from "./ReleaseMany";

/** Requests that made no run: which, why, and what is left of them. `view` leads back to the runs. */
export function RefusedList({ view }: { view: ReactNode }) {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const list = useRead("delivery_list", asRequest(filter), { keep: true });
  const [selection, setSelection] = useState(new Set<string>());
  const [isAsking, setIsAsking] = useState(false);
  const change = (next: Partial<Filter>) => {
    setSelection(new Set());
    setParams(writeFilter({ ...filter, after: "", ...next }));
  };
  return (
    <Page>
      <PageHeader title={words.title} lead={words.lead} actions={view} />
      <Filters filter={filter} onChange={change} />
      {list.data && list.data.deliveries.length > 0 && (
        <div className="row">
          <Button
            icon="play"
            onPress={() => {
              setIsAsking(true);
            }}
          >
            {selection.size > 0 ? words.many.selected(selection.size) : words.many.all}
          </Button>
        </div>
      )}
      {isAsking && (
        <ReleaseMany
          target={selection.size > 0 ? { ids: [...selection] } : { filter: asMany(filter) }}
          onClose={() => {
            setIsAsking(false);
            setSelection(new Set());
          }}
        />
      )}
      {list.error && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data ? (
        <Card flush>
          <DataTable
            label={words.table}
            columns={columns}
            rows={list.data.deliveries}
            href={({ id }) => `/runs/refused/${id}`}
            selection={selection}
            onSelect={setSelection}
            empty={<Empty filtered={isFiltered(filter)} />}
          />
          <Pager after={filter.after} next={list.data.next} onPage={change} />
        </Card>
      ) : (
        !list.error && (
          <Card>
            <Skeleton lines={8} />
          </Card>
        )
      )}
    </Page>
  );
}

function Filters({
  filter,
  onChange,
}: {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  return (
    <div className={styles.filters} role="group" aria-label={words.table}>
      <div className={styles.filterWide}>
        <Select
          bare
          label={words.answer}
          value={filter.answer}
          options={[
            { id: "", label: words.anyAnswer },
            ...words.answers.map((status) => ({
              id: String(status),
              label: words.meaning(status),
            })),
          ]}
          onChange={(answer) => {
            onChange({ answer });
          }}
        />
      </div>
      <div className={styles.filterWide}>
        <Select
          bare
          label={words.workflow}
          value={filter.workflow}
          options={[
            { id: "", label: words.anyWorkflow },
            ...workflows.map(({ id, name }) => ({ id, label: name })),
          ]}
          onChange={(workflow) => {
            onChange({ workflow });
          }}
        />
      </div>
    </div>
  );
}

function Pager({
  after,
  next,
  onPage,
}: {
  after: string;
  next: string | undefined;
  onPage: (change: { after: string }) => void;
}) {
  if (after === "" && next === undefined) return null;
  return (
    <div className={styles.pager}>
      {after !== "" && (
        <Button
          icon="chevronLeft"
          onPress={() => {
            onPage({ after: "" });
          }}
        >
          {words.newest}
        </Button>
      )}
      {next !== undefined && (
        <Button
          icon="chevronRight"
          onPress={() => {
            onPage({ after: next });
          }}
        >
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
      link={{ href: "/runs?view=refused", text: words.showAll }}
    >
      {words.noneFoundLead}
    </EmptyState>
  ) : (
    <EmptyState icon="check" title={words.none}>
      {words.noneLead}
    </EmptyState>
  );
}
