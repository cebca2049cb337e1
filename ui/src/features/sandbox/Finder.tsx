import { useEffect, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { SearchField } from "../../components/TextField";
import { sandbox as words } from "../../i18n/en";
import styles from "./Sandbox.module.css";

const most = 100;

/** Members by search; arrows move, Enter opens. */
export function Finder({
  selected,
  onOpen,
}: {
  selected: string | undefined;
  onOpen: (id: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => {
      setSearch(typed.trim());
    }, 200);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  const { data, error, refetch } = useRead(
    "member_list",
    { connection: "sandbox", limit: most, ...(search !== "" && { search }) },
    { keep: true },
  );
  return (
    <Card flush>
      <div className={styles.finder}>
        <SearchField
          label={words.search}
          value={typed}
          onChange={setTyped}
          onSubmit={(value) => {
            setSearch(value.trim());
          }}
        />
        {data && (
          <span className="faint" aria-live="polite">
            {words.found(data.members.length, data.total)}
          </span>
        )}
        {!data && error && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={6} />}
      </div>
      {data && (
        <ListBox
          aria-label={words.members}
          className={styles.list ?? ""}
          items={data.members}
          selectionMode="single"
          selectedKeys={selected === undefined ? [] : [selected]}
          onAction={(key) => {
            onOpen(String(key));
          }}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : [...keys];
            if (key !== undefined) onOpen(String(key));
          }}
          renderEmptyState={() => (
            <EmptyState icon="search" title={words.noneFound}>
              {words.noneFoundLead}
            </EmptyState>
          )}
        >
          {({ id, name, email }) => (
            <ListBoxItem id={id} textValue={`${name} ${id}`} className={styles.member ?? ""}>
              <span>{name}</span>
              <span className="mono muted">{id}</span>
              {email != null && <small>{email}</small>}
            </ListBoxItem>
          )}
        </ListBox>
      )}
    </Card>
  );
}
