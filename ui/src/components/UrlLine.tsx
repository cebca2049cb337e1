import { CopyButton } from "./CopyButton";
import styles from "./UrlLine.module.css";

/** An address in a box, to be marked as a whole or copied. `before` says which, where there are several. */
export function UrlLine({
  url,
  copy,
  iconOnly = false,
  before,
}: {
  url: string;
  /** What the button is called. */
  copy: string;
  iconOnly?: boolean;
  before?: string;
}) {
  return (
    <div className={styles.url}>
      {before !== undefined && <span className="faint">{before}</span>}
      <code>{url}</code>
      <CopyButton text={url} label={copy} {...(iconOnly && { iconOnly })} />
    </div>
  );
}
