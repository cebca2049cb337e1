import { NavLink } from "react-router";
import { useRead } from "../api/queries";
import { Icon, type IconName } from "../components/Icon";
import { shell } from "../i18n/en";
import { formatNumber } from "../i18n/format";
import styles from "./Shell.module.css";

type Section = Exclude<keyof typeof shell.nav, "label">;

const groups: Section[][] = [
  ["dashboard", "workflows", "runs", "sender"],
  ["sandbox", "connections"],
  ["settings"],
];
const icons: Record<Section, IconName> = {
  dashboard: "dashboard",
  workflows: "workflows",
  runs: "runs",
  sender: "sender",
  sandbox: "sandbox",
  connections: "connections",
  settings: "settings",
};

export function SideNav() {
  // The same groups as on the dashboard: a failure that was rerun needs no look any more.
  const { data } = useRead("failure_groups", {});
  const needLook = data?.groups.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <nav className={styles.nav} aria-label={shell.nav.label}>
      {groups.map((group) => (
        <ul key={group[0]}>
          {group.map((section) => (
            <li key={section}>
              <NavLink
                to={section === "dashboard" ? "/" : `/${section}`}
                className={styles.item ?? ""}
                title={shell.nav[section]}
              >
                <Icon name={icons[section]} />
                <span className={styles.word}>{shell.nav[section]}</span>
                {section === "runs" && needLook > 0 && <Badge count={needLook} />}
              </NavLink>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

function Badge({ count }: { count: number }) {
  return (
    <span className={styles.badge}>
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="visuallyHidden">{shell.needLook(formatNumber(count))}</span>
    </span>
  );
}
