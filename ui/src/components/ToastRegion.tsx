import { useSyncExternalStore } from "react";
import { common } from "../i18n/en";
import { Button, Link } from "./Button";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import type { Tone } from "./status";
import { dismissToast, subscribeToasts, toasts } from "./toast";
import styles from "./ToastRegion.module.css";

const icons: Record<Tone, IconName> = {
  ok: "check",
  bad: "cross",
  warn: "hand",
  busy: "clock",
  idle: "dot",
};

/** Where toasts appear; mounted once by the shell. */
export function ToastRegion() {
  const shown = useSyncExternalStore(subscribeToasts, toasts);
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {shown.map(({ id, tone, text, link, count }) => (
        <div key={id} className={cx(styles.toast, styles[tone])}>
          <Icon name={icons[tone]} />
          <span className="grow">
            {count > 1 && <b className={styles.count}>{common.times(count)}</b>} {text}{" "}
            {link && <Link href={link.href}>{link.text}</Link>}
          </span>
          <Button
            variant="quiet"
            icon="cross"
            aria-label={common.dismiss}
            onPress={() => {
              dismissToast(id);
            }}
          />
        </div>
      ))}
    </div>
  );
}
