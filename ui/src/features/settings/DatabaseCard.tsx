import type { DatabaseHealth } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { Note } from "../../components/Notes";
import { Waiting } from "../../components/Waiting";
import { settings as words } from "../../i18n/en";
import { formatBytes, formatWhen, plural } from "../../i18n/format";
import styles from "./Settings.module.css";

/** How the stored data is doing. */
export function DatabaseCard() {
  const { data, error, refetch } = useRead("database_health", {}, { always: true });
  return (
    <Card title={words.database.title}>
      {data ? (
        <>
          {data.damage !== undefined && <Note title={words.database.damaged}>{data.damage}</Note>}
          <dl className={styles.facts}>
            {facts(data).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={4} />
      )}
    </Card>
  );
}

function facts(health: DatabaseHealth): [string, string][] {
  const { runs, unfinished, usedBytes, fileBytes, logBytes, freeBytes } = health;
  const waiting = unfinished > 0 ? words.database.unfinished(unfinished) : words.database.allEnded;
  const since =
    health.oldestUnfinishedAt === undefined
      ? ""
      : words.database.since(formatWhen(health.oldestUnfinishedAt));
  return [
    [words.database.runs, `${plural(runs, "run")}, ${waiting}${since}`],
    [
      words.database.size,
      words.database.sizes(formatBytes(fileBytes + logBytes), formatBytes(usedBytes)),
    ],
    ...(freeBytes > 1024 * 1024
      ? [[words.database.free, words.database.freeNote(formatBytes(freeBytes))] as [string, string]]
      : []),
    ...(health.oldestFinishedAt === undefined
      ? []
      : [
          [words.database.oldest, words.database.ended(formatWhen(health.oldestFinishedAt))] as [
            string,
            string,
          ],
        ]),
    [words.database.sound, health.damage ?? words.database.noDamage],
    [words.database.schema, String(health.schema)],
  ];
}
