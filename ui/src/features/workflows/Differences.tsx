import { Icon, type IconName } from "../../components/Icon";
import { visible } from "../../components/visible";
import { workflows as words } from "../../i18n/en";
import type { WorkflowFile } from "../../workflow/file";
import { compareFiles, type Difference } from "./compare";
import styles from "./Differences.module.css";

const icons: Record<Difference["what"], IconName> = {
  added: "plus",
  removed: "minus",
  changed: "pencil",
  moved: "up",
};

/** What differs between two versions, in words. */
export function Differences({
  before,
  after,
  label,
}: {
  before: WorkflowFile;
  after: WorkflowFile;
  label: string;
}) {
  const found = compareFiles(before, after);
  if (found.length === 0) return <p className="muted">{words.noDifferences}</p>;
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{words.place}</th>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.before}</th>
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {found.map((difference) => (
          <Rows key={`${difference.what} ${difference.step}`} difference={difference} />
        ))}
      </tbody>
    </table>
  );
}

function Rows({ difference: { title, what, cells } }: { difference: Difference }) {
  const head = (
    <th scope="rowgroup" rowSpan={Math.max(1, cells.length)}>
      <b>{visible(title)}</b>
      <span className={styles[what]}>
        <Icon name={icons[what]} size={13} /> {words.whats[what]}
      </span>
    </th>
  );
  if (cells.length === 0) {
    return (
      <tr className={styles.first}>
        {head}
        <td colSpan={3} />
      </tr>
    );
  }
  return cells.map(({ label, before, after }, index) => (
    <tr key={label} className={index === 0 ? styles.first : undefined}>
      {index === 0 && head}
      <td>{visible(label)}</td>
      <td className={styles.value}>
        <Value text={before} />
      </td>
      <td className={styles.value}>
        <Value text={after} />
      </td>
    </tr>
  ));
}

/** A value, or that there is none. */
export function Value({ text }: { text: string | undefined }) {
  return text === undefined ? (
    <span className="faint">{words.notThere}</span>
  ) : (
    <span dir="auto">{visible(text)}</span>
  );
}
