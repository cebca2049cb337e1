import { Button as AriaButton } from "react-aria-components";
import { cx } from "../../components/cx";
import { workflows as words } from "../../i18n/en";
import { branches, dotted, isBranch, type Path } from "../../workflow/path";
import styles from "./Editor.module.css";

const mostItems = 20;

/** The payload with every value a button that takes it into the template. */
export function PayloadTree({ value, onTake }: { value: unknown; onTake: (path: Path) => void }) {
  return (
    <div className={styles.tree}>
      <Node value={value} path={[]} onTake={onTake} />
    </div>
  );
}

function Node({
  value,
  path,
  onTake,
}: {
  value: unknown;
  path: Path;
  onTake: (path: Path) => void;
}) {
  if (!isBranch(value)) return <Leaf value={value} path={path} onTake={onTake} />;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const members = branches(value);
  if (members.length === 0) return <span className={styles.key}>{open + close}</span>;
  return (
    <>
      {open}
      <ul>
        {members.slice(0, mostItems * (Array.isArray(value) ? 1 : 10)).map(([step, item]) => (
          <li key={step}>
            {typeof step === "string" && <span className={styles.key}>{`"${step}": `}</span>}
            <Node value={item} path={[...path, step]} onTake={onTake} />
          </li>
        ))}
      </ul>
      {close}
    </>
  );
}

function Leaf({
  value,
  path,
  onTake,
}: {
  value: unknown;
  path: Path;
  onTake: (path: Path) => void;
}) {
  const text = JSON.stringify(value) as string | undefined;
  return (
    <AriaButton
      className={cx(styles.value, typeof value !== "string" && styles.number)}
      aria-label={words.takeValue(dotted(path), text ?? "")}
      onPress={() => {
        onTake(path);
      }}
    >
      {text}
    </AriaButton>
  );
}
