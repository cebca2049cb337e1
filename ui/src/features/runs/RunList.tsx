import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useRead } from "../../api/queries";
import { Card, FillPage, PageHeader } from "../../components/Card";
import { DataTable } from "../../components/DataTable";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { useMinute } from "../../components/RelativeTime";
import { common, runs as words } from "../../i18n/en";
import { columns } from "./columns";
import { FilterBar } from "./FilterBar";
import { asRequest, isFiltered, readFilter, writeFilter, type Filter } from "./filter";
import { ListActions } from "./ListActions";
import { LiveMark } from "./LiveMark";
import styles from "./Runs.module.css";
import { useFeed } from "./useFeed";

/** Every run that the address asks for: live at the top, held still while somebody reads. */
export function RunList({ view }: { view: ReactNode }) {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const found = asRequest(filter, useMinute());
  const name = writeFilter(filter).toString();
  const list = useFeed(found, name);
  const [selection, setSelection] = useState<Set<string>>(new Set());
  const [top, setTop] = useState(0);
  const { rows } = list.feed;
  const change = (next: Partial<Filter>) => {
    setSelection(new Set());
    setTop(top + 1);
    setParams(writeFilter({ ...filter, ...next }));
  };
  const showNewest = () => {
    list.showNewest();
    setTop(top + 1);
  };
  return (
    <FillPage
      main={
        <Table
          list={list}
          filter={filter}
          selection={selection}
          onSelect={setSelection}
          top={top}
        />
      }
    >
      <PageHeader
        title={words.titleOf(filter.status, statusWord(filter.status))}
        lead={<Lead filter={filter} />}
        actions={
          <ListActions
            rows={rows}
            found={found}
            isFiltered={isFiltered(filter)}
            selection={selection}
            onSelect={setSelection}
            view={view}
          />
        }
      />
      <FilterBar
        filter={filter}
        onChange={change}
        end={<LiveMark held={list.feed.held} isMore={list.feed.isMore} onShow={showNewest} />}
      />
      {list.error && <ErrorNote error={list.error} onRetry={list.retry} />}
    </FillPage>
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

function Table({
  list,
  filter,
  selection,
  onSelect,
  top,
}: {
  list: ReturnType<typeof useFeed>;
  filter: Filter;
  selection: Set<string>;
  onSelect: (ids: Set<string>) => void;
  top: number;
}) {
  const { feed, isLoaded, isStale, more, loadMore, onReading } = list;
  if (!isLoaded) {
    return list.error ? null : (
      <Card>
        <Skeleton lines={8} />
      </Card>
    );
  }
  if (feed.rows.length === 0) {
    return (
      <Card>
        {typeof more !== "string" && <ErrorNote error={more} onRetry={loadMore} />}
        {feed.next === undefined && <Empty filtered={isFiltered(filter)} />}
        {feed.next !== undefined && <p className="muted">{words.lookingFurther}</p>}
      </Card>
    );
  }
  return (
    <div className={styles.table} data-stale={isStale}>
      <DataTable
        label={words.table}
        columns={columns}
        rows={feed.rows}
        href={({ id }) => `/runs/${id}`}
        selection={selection}
        onSelect={onSelect}
        scrolling={{
          isComplete: feed.next === undefined,
          onReading,
          top,
          footer:
            typeof more === "string" ? (
              more === "loading" && <p className={styles.foot}>{words.loadingOlder}</p>
            ) : (
              <div className={styles.foot}>
                <ErrorNote error={more} onRetry={loadMore} />
              </div>
            ),
        }}
      />
    </div>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState icon="search" title={words.noneFound} link={{ href: "/runs", text: words.showAll }}>
      {words.noneFoundLead}
    </EmptyState>
  ) : (
    <EmptyState
      icon="runs"
      title={words.none}
      link={{ href: "/sender", text: words.sendTest, primary: true }}
    >
      {words.noneLead}
    </EmptyState>
  );
}
