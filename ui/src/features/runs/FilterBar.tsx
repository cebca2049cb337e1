import { useState, type ReactNode } from "react";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Select, type Option } from "../../components/Select";
import { SearchField } from "../../components/TextField";
import { common, runs as words } from "../../i18n/en";
import { isGroup, noGroup, writeFilter, type Filter, type Time } from "./filter";
import styles from "./Runs.module.css";
import { Views } from "./Views";

const statuses: Option<string>[] = [
  { id: "", label: words.anyStatus },
  { id: "look", label: words.look },
  { id: "going", label: words.going },
  ...words.statuses.map((status) => ({ id: status, label: common.status[status] })),
];
const times: Option<Time>[] = [
  { id: "any", label: words.anyTime },
  { id: "hour", label: words.lastHour },
  { id: "today", label: words.today },
  { id: "week", label: words.lastWeek },
];

export function FilterBar({
  filter,
  onChange,
  end,
}: {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  /** At the end of the line. */
  end: ReactNode;
}) {
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const options: Option<string>[] = [
    { id: "", label: words.anyWorkflow },
    ...workflows.map(({ id, name }) => ({ id, label: name })),
  ];
  return (
    <div className={styles.filters} role="group" aria-label={words.table}>
      <Search
        key={filter.search}
        asked={filter.search}
        onSearch={(search) => {
          onChange({ search });
        }}
      />
      <div className={styles.filter}>
        <Select
          bare
          label={words.status}
          options={statuses}
          value={filter.status}
          onChange={(status) => {
            onChange({ status });
          }}
        />
      </div>
      <div className={styles.filterWide}>
        <Select
          bare
          label={words.workflow}
          options={options}
          value={filter.workflow}
          onChange={(workflow) => {
            onChange({ workflow });
          }}
        />
      </div>
      <div className={styles.filter}>
        <Select
          bare
          label={words.time}
          options={times}
          value={filter.time}
          onChange={(time) => {
            onChange({ time, from: "", to: "" });
          }}
        />
      </div>
      {filter.search !== "" && (
        <Button
          variant="quiet"
          icon="cross"
          aria-label={words.dropSearch(filter.search)}
          onPress={() => {
            onChange({ search: "" });
          }}
        >
          {words.found(filter.search)}
        </Button>
      )}
      {isGroup(filter) && (
        <Group
          filter={filter}
          onDrop={() => {
            onChange(noGroup);
          }}
        />
      )}
      <Views query={writeFilter(filter).toString()} />
      <span className="grow" />
      {end}
    </div>
  );
}

/** Where the dashboard led here: the cause, and a way to see the others again. */
function Group({ filter, onDrop }: { filter: Filter; onDrop: () => void }) {
  const groups = useRead("failure_groups", {}).data?.groups ?? [];
  const like = groups.find(({ code }) => code === filter.cause && code !== "");
  const cause = like?.cause ?? filter.cause;
  const text = cause === "" ? words.groupOnly : words.groupOf(cause);
  return (
    <Button variant="quiet" icon="cross" aria-label={words.dropGroup(text)} onPress={onDrop}>
      {text}
    </Button>
  );
}

/** Searches when Enter is pressed or the field is cleared. */
function Search({ asked, onSearch }: { asked: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(asked);
  return (
    <div className={styles.filterWide} role="search">
      <SearchField
        label={words.search}
        value={text}
        onChange={setText}
        onSubmit={(search) => {
          onSearch(search.trim());
        }}
      />
    </div>
  );
}
