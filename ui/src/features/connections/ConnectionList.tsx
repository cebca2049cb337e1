import { NavLink } from "react-router";
import type { Connection } from "../../api/bindings";
import { Pill } from "../../components/Pill";
import { connections as words } from "../../i18n/en";
import styles from "./Connections.module.css";

export function ConnectionList({
  connections,
  chosen,
}: {
  connections: Connection[];
  chosen: string | undefined;
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
                <State connection={connection} />
                <span className={styles.url}>{baseUrl}</span>
              </NavLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function State({ connection: { trouble, sandbox, hasPassword } }: { connection: Connection }) {
  if (trouble != null) {
    return (
      <Pill tone="bad" icon="cross">
        {words.trouble}
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
