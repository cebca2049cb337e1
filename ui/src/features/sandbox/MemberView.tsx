import type { RecordRow } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { DataTable } from "../../components/DataTable";
import { grid } from "../../components/grid";
import { EmptyState, Note } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { Waiting } from "../../components/Waiting";
import { sandbox as words } from "../../i18n/en";
import { columnsOf, widthOf } from "./table";
import styles from "./Sandbox.module.css";

/** A member with everything recorded on it, newest first; it grows as runs end. */
export function MemberView({ id }: { id: string }) {
  const { data, error, refetch } = useRead("member_get", { connection: "sandbox", id });
  if (!data) {
    return (
      <Card>
        {error?.code === "notFound" ? (
          <Note tone="warn" title={words.gone(id)}>
            {words.noneFoundLead}
          </Note>
        ) : (
          <Waiting error={error} onRetry={() => void refetch()} lines={6} />
        )}
      </Card>
    );
  }
  const { member, activities, panels } = data;
  return (
    <div className={styles.records}>
      <Card
        title={member.name}
        aside={
          <>
            <span className="mono muted">{member.id}</span>
            {member.organization && <Pill>{words.organization}</Pill>}
            {!member.active && <Pill tone="warn">{words.inactive}</Pill>}
          </>
        }
      >
        {member.email != null && <span className="muted">{member.email}</span>}
      </Card>
      <Card
        title={words.activities}
        aside={<span className="faint">{words.rows(activities.length)}</span>}
        flush
      >
        {activities.length === 0 ? (
          <EmptyState
            icon="runs"
            title={words.activities}
            link={{ href: "/sender", text: words.sendTest }}
          >
            {words.noActivities}
          </EmptyState>
        ) : (
          <Records label={words.activities} rows={activities} />
        )}
      </Card>
      {panels.map(({ name, rows }) => (
        <Card
          key={name}
          title={name}
          aside={<span className="faint">{words.rows(rows.length)}</span>}
          flush
        >
          <Records label={name} rows={rows} />
        </Card>
      ))}
      {panels.length === 0 && <p className="muted">{words.noPanels}</p>}
    </div>
  );
}

function Records({ label, rows }: { label: string; rows: RecordRow[] }) {
  const names = columnsOf(rows);
  const named = rows.map((row, index) => ({ ...row, id: row.key || String(index) }));
  return (
    // Wider than the card it scrolls: the keyboard must be able to.
    <div
      className={styles.wide}
      role="region"
      aria-label={words.scrolls(label)}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      style={{
        ["--table-width" as string]: grid(names.reduce((sum, name) => sum + widthOf(name), 0)),
      }}
    >
      <DataTable
        label={label}
        rows={named}
        columns={names.map((name, index) => ({
          id: name,
          title: words.columns[name] ?? name,
          width: grid(widthOf(name)),
          isRowHeader: index === 0,
          cell: ({ values }: (typeof named)[number]) =>
            values.find((value) => value.name === name)?.value ?? "",
        }))}
      />
    </div>
  );
}
