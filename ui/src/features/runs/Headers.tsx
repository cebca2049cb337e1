import { visible } from "../../components/visible";
import styles from "./Run.module.css";

/** Header lines of a request or an answer. */
export function Headers({ headers }: { headers: Record<string, unknown> }) {
  return (
    <dl className={styles.headers}>
      {Object.entries(headers).map(([name, value]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd>{visible(typeof value === "string" ? value : JSON.stringify(value), 2000)}</dd>
        </div>
      ))}
    </dl>
  );
}
