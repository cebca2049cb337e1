import { NavLink } from "react-router";
import type { Connection } from "../../api/bindings";
import { Pill } from "../../components/Pill";
import { connections as words } from "../../i18n/en";
import styles from "./Connections.module.css";

export function ConnectionList({
  connections,
  chosen,
  failed,
  isSecrets,
}: {
  connections: Connection[];
  chosen: string | undefined;
  failed: string | undefined;
  /** Whether the secrets are shown in place of a connection. */
  isSecrets: boolean;
}) {
  return (
    <nav aria-label={words.list}>
      <ul className={styles.list}>
        {connections.map((connection) => {
          const { name, baseUrl } = connection;
          return (
            <li key={name}>
              <NavLink
                to={`/connections?name=${encodeURIComponent(name)}`}
                className={styles.item ?? ""}
                aria-current={name === chosen ? "page" : undefined}
                data-chosen={name === chosen}
              >
                <span className={styles.name}>{name}</span>
                <State connection={connection} isFailed={name === failed} />
                <span className={styles.url}>{baseUrl}</span>
              </NavLink>
            </li>
          );
        })}
        <li className={styles.apart}>
          <NavLink
            to="/connections?secrets=1"
            className={styles.item ?? ""}
            aria-current={isSecrets ? "page" : undefined}
            data-chosen={isSecrets}
          >
            <span className={styles.name}>{words.secrets.title}</span>
            <span className={styles.sub}>{words.secrets.entryNote}</span>
          </NavLink>
        </li>
      </ul>
    </nav>
  );
}

function State({
  connection: { trouble, passwordTrouble, sandbox, hasPassword },
  isFailed,
}: {
  connection: Connection;
  isFailed: boolean;
}) {
  if (trouble != null || passwordTrouble !== undefined || isFailed) {
    return (
      <Pill tone="bad" icon="cross">
        {isFailed ? words.testedBad : words.trouble}
      </Pill>
    );
  }
  if (sandbox) return <Pill icon="sandbox">{words.sandbox}</Pill>;
  return hasPassword ? (
    <Pill tone="ok" icon="check">
      {words.ready}
    </Pill>
  ) : (
    <Pill tone="warn" icon="hand">
      {words.noPassword}
    </Pill>
  );
}
