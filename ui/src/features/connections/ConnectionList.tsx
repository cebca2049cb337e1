import type { ComponentProps } from "react";
import { NavLink } from "react-router";
import type { Connection } from "../../api/bindings";
import { Pill } from "../../components/Pill";
import { connections as words } from "../../i18n/en";
import styles from "./Connections.module.css";
import { standingOf, type Standing } from "./standing";

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
                <Pill {...pills[standingOf(connection, failed)]} />
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

const pills: Record<Standing, ComponentProps<typeof Pill>> = {
  testFailed: { tone: "bad", icon: "cross", children: words.testedBad },
  trouble: { tone: "bad", icon: "cross", children: words.trouble },
  sandbox: { icon: "sandbox", children: words.sandbox },
  noPassword: { tone: "warn", icon: "hand", children: words.noPassword },
  unasked: { icon: "clock", children: words.unasked },
  ready: { tone: "ok", icon: "check", children: words.ready },
};
