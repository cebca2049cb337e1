import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useRead } from "../api/queries";
import { CopyButton } from "../components/CopyButton";
import { Pill } from "../components/Pill";
import { SearchField } from "../components/TextField";
import { shell } from "../i18n/en";
import { useLive, type Live } from "./live";
import styles from "./Shell.module.css";

export function TopBar() {
  return (
    <header className={styles.top}>
      <a className={styles.brand} href="#/">
        <Brand />
        <span>{shell.brand}</span>
      </a>
      <Find />
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

/** Searches runs by any value in the payload; Ctrl or Command and K jumps here. */
function Find() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const asked = pathname === "/runs" ? (params.get("search") ?? "") : "";
  const [text, setText] = useState(asked);
  const [followed, setFollowed] = useState(asked);
  if (followed !== asked) {
    setFollowed(asked);
    setText(asked);
  }
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      box.current?.querySelector("input")?.select();
    };
    window.addEventListener("keydown", jump);
    return () => {
      window.removeEventListener("keydown", jump);
    };
  }, []);
  return (
    <div className={styles.find} ref={box} role="search">
      <SearchField
        label={shell.search}
        value={text}
        onChange={setText}
        onSubmit={(search) => {
          const wanted = search.trim();
          if (wanted !== "") void navigate(`/runs?search=${encodeURIComponent(wanted)}`);
          else if (pathname === "/runs") void navigate("/runs");
        }}
      />
      {text === "" && (
        <kbd className={styles.key} aria-hidden="true">
          {navigator.userAgent.includes("Mac") ? "⌘ K" : "Ctrl K"}
        </kbd>
      )}
    </div>
  );
}

const looks: Record<Live, { tone: "ok" | "busy" | "warn"; icon: "check" | "clock" | "hand" }> = {
  connecting: { tone: "busy", icon: "clock" },
  live: { tone: "ok", icon: "check" },
  lost: { tone: "warn", icon: "hand" },
};

/** Whether events come, and the address that senders use. */
function LivePill() {
  const live = useLive();
  const { data } = useRead("app_info", {});
  const address = data?.publicBaseUrl ?? data?.hooks;
  return (
    <>
      <span role="status">
        <Pill {...looks[live]}>{shell[live]}</Pill>
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
