import type { RecordRow, Step } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Waiting } from "../../components/Waiting";
import { runs as words } from "../../i18n/en";
import { writtenBy } from "../../workflow/written";
import { likest } from "./likeness";
import styles from "./Run.module.css";

/** What was sent beside what iMIS has, the likest records first: what a person needs to decide. */
export function BothSides({ step, connection }: { step: Step; connection: string }) {
  const sent = writtenBy({ ...step, status: "succeeded" });
  const { data, error, refetch } = useRead(
    "member_get",
    { connection, id: sent?.member ?? "" },
    { enabled: sent !== undefined && sent.member !== "" },
  );
  if (!sent) return null;
  const rows: RecordRow[] | undefined =
    data && (step.type === "insertActivity" ? data.activities : data.panels.flatMap((p) => p.rows));
  return (
    <div className={styles.sides}>
      <section aria-label={words.sides.sent}>
        <h3>{words.sides.sent}</h3>
        <Values values={sent.values} same={new Set()} />
      </section>
      <section aria-label={words.sides.there}>
        <h3>{words.sides.there}</h3>
        {rows ? (
          rows.length === 0 ? (
            <p className="muted">{words.sides.nothing(sent.member)}</p>
          ) : (
            likest(rows, sent.values).map(({ row, same }) => (
              <div key={row.key} className={styles.side}>
                <b>{words.sides.record(row.key, same.size, sent.values.length)}</b>
                <Values values={row.values} same={same} />
              </div>
            ))
          )
        ) : (
          <Waiting error={error} onRetry={() => void refetch()} lines={3} />
        )}
      </section>
    </div>
  );
}

function Values({
  values,
  same,
}: {
  values: { name: string; value: string }[];
  same: Set<string>;
}) {
  return (
    <dl className={styles.values}>
      {values.map(({ name, value }) => (
        <div key={name} data-same={same.has(name)}>
          <dt>{name}</dt>
          <dd>
            {value}
            {same.has(name) && <span className="visuallyHidden"> {words.sides.same}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
