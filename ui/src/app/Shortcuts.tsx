import { useEffect, useEffectEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { Button } from "../components/Button";
import { Sheet } from "../components/ConfirmDialog";
import { common, shortcuts as words } from "../i18n/en";
import styles from "./Shell.module.css";

/** After "g": where to go. */
const places: Record<string, string> = {
  d: "/",
  w: "/workflows",
  r: "/runs",
  s: "/sender",
  b: "/sandbox",
  c: "/connections",
  e: "/settings",
};
const patience = 1200;
/** One of a list: Esc leads back to it. */
const detail = /^(\/runs)\/./;

type Ask = { palette: () => void; sheet: () => void };

/** The keys that work everywhere, except while somebody types or a dialog is open. */
export function useShortcuts(ask: Ask): void {
  const navigate = useNavigate();
  const { pathname, key: visit } = useLocation();
  const tell = useEffectEvent((what: keyof Ask) => {
    ask[what]();
  });
  const go = useEffectEvent((to: string) => void navigate(to));
  /** To where it was opened from, with its filters; to the list when it was opened by its address. */
  const back = useEffectEvent(() => {
    const list = detail.exec(pathname)?.[1];
    if (list !== undefined) void (visit === "default" ? navigate(list) : navigate(-1));
  });
  useEffect(() => {
    let led = 0;
    const listen = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === "k") {
        event.preventDefault();
        if (!isInDialog()) tell("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isInDialog()) return;
      if (key === "escape") {
        if (!event.defaultPrevented) back();
        return;
      }
      const place = Date.now() - led < patience ? places[key] : undefined;
      led = key === "g" ? Date.now() : 0;
      if (place !== undefined) go(place);
      else if (key === "?") tell("sheet");
      else if (key === "/") tell("palette");
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, []);
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}

function isInDialog(): boolean {
  const open = ["dialog", "alertdialog", "menu", "listbox"].map((role) => `[role=${role}]`);
  return document.querySelector(open.join()) !== null;
}

/** Every key, in words. */
export function ShortcutsSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet
      title={words.title}
      isOpen
      onClose={onClose}
      footer={
        <Button variant="primary" onPress={onClose}>
          {common.close}
        </Button>
      }
    >
      {words.groups.map(({ title, keys }) => (
        <section key={title} className={styles.keys}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([what, ...combination]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  {combination.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}
