import { common } from "../i18n/en";
import { formatNumber } from "../i18n/format";
import { CopyButton } from "./CopyButton";
import styles from "./JsonView.module.css";
import { visible } from "./visible";

const mostText = 100_000;

/** Text that came from outside, as it is. `title` stands above. */
export function TextView({ text, title }: { text: string; title?: string }) {
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <span className={styles.title}>{title}</span>
        <CopyButton text={text} iconOnly />
      </div>
      {/* A long text scrolls: the keyboard must be able to reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.text} tabIndex={0}>
        {visible(text, mostText)}
        {text.length > mostText && (
          <span className={styles.cut}>{common.cut(formatNumber(text.length))}</span>
        )}
      </pre>
    </div>
  );
}
