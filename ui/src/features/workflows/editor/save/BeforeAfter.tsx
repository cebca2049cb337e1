import { useState, type ReactElement, type ReactNode } from "react";
import { Button } from "../../../../components/Button";
import { visible } from "../../../../components/visible";
import { workflows as words } from "../../../../i18n/en";
import styles from "./BeforeAfter.module.css";

/** A text, something drawn, or undefined where there is nothing. */
type Value = string | ReactElement | undefined;

/** One thing that differs. */
type Cell = { label: string; before: Value; after: Value };

/** What differs of one thing, which `head` names. */
export type Group = { id: string; head: ReactNode; cells: Cell[] };

const mostCells = 12;

/** What was beside what is, by thing and field. `about` says what the first column names. */
export function BeforeAfter({
  label,
  about,
  groups,
}: {
  label: string;
  about: string;
  groups: Group[];
}) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{about}</th>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.before}</th>
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      {groups.map((group) => (
        <Rows key={group.id} group={group} />
      ))}
    </table>
  );
}

function Rows({ group: { head, cells } }: { group: Group }) {
  const [all, setAll] = useState(false);
  const shown = all ? cells : cells.slice(0, mostCells);
  const more = cells.length - shown.length;
  const first = (
    <th scope="rowgroup" rowSpan={Math.max(1, shown.length) + (more > 0 ? 1 : 0)}>
      {head}
    </th>
  );
  return (
    <tbody>
      {shown.length === 0 && (
        <tr>
          {first}
          <td colSpan={3} />
        </tr>
      )}
      {shown.map(({ label, before, after }, index) => (
        <tr key={label}>
          {index === 0 && first}
          <td>{visible(label)}</td>
          <td className={styles.value}>{inWords(before)}</td>
          <td className={styles.value}>{inWords(after)}</td>
        </tr>
      ))}
      {more > 0 && (
        <tr>
          <td colSpan={3}>
            <Button
              variant="quiet"
              onPress={() => {
                setAll(true);
              }}
            >
              {words.showMore(String(more))}
            </Button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function inWords(value: Value) {
  if (value === undefined) return <span className="faint">{words.notThere}</span>;
  return typeof value === "string" ? <span dir="auto">{visible(value)}</span> : value;
}
