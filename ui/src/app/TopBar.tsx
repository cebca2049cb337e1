import { Button as AriaButton } from "react-aria-components";
import { useRead } from "../api/queries";
import { CopyButton } from "../components/CopyButton";
import { Icon, type IconName } from "../components/Icon";
import { Pill } from "../components/Pill";
import type { Tone } from "../components/status";
import { shell } from "../i18n/en";
import { useLive } from "./live";
import { receiving, type Receiving } from "./receiving";
import styles from "./Shell.module.css";

export function TopBar({ onFind }: { onFind: () => void }) {
  return (
    <header className={styles.top}>
      <a className={styles.brand} href="#/">
        <Brand />
        <span>{shell.brand}</span>
      </a>
      <Find onFind={onFind} />
      <span className="grow" />
      <LivePill />
    </header>
  );
}

function Brand() {
  return (
    <svg viewBox="0 0 512 512" aria-hidden="true">
      <rect width="512" height="512" rx="118" fill="var(--accent)" />
      <path
        d="M404 112 304 316a104 104 0 0 1-198-60l12-80 86 96"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="58"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** Looks like the field that it opens. */
function Find({ onFind }: { onFind: () => void }) {
  return (
    <AriaButton className={styles.find ?? ""} onPress={onFind}>
      <Icon name="search" />
      <span className={styles.findText}>{shell.search}</span>
      <kbd className={styles.key} aria-hidden="true">
        {navigator.userAgent.includes("Mac") ? "⌘ K" : "Ctrl K"}
      </kbd>
    </AriaButton>
  );
}

const looks: Record<Receiving, { tone: Tone; icon: IconName }> = {
  connecting: { tone: "busy", icon: "clock" },
  live: { tone: "ok", icon: "check" },
  refusing: { tone: "bad", icon: "cross" },
  paused: { tone: "warn", icon: "pause" },
  idle: { tone: "idle", icon: "minus" },
  lost: { tone: "warn", icon: "hand" },
};

/** Whether deliveries are taken and written, and the address that senders use. */
function LivePill() {
  const live = useLive();
  const stands = useRead("standing", {}).data;
  const { data } = useRead("app_info", {});
  const state = receiving(live, stands);
  const address = data?.publicBaseUrl ?? data?.hooks;
  return (
    <>
      <span role="status">
        <Pill {...looks[state]}>{shell[state]}</Pill>
      </span>
      {address !== undefined && (
        <span className={styles.address}>
          <span className="visuallyHidden">{shell.listening}</span>
          <code title={address}>{address.replace(/^https?:\/\//, "")}</code>
          <CopyButton text={address} iconOnly />
        </span>
      )}
    </>
  );
}
