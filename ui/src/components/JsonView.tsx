import { useState } from "react";
import { common } from "../i18n/en";
import { formatNumber } from "../i18n/format";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { cx } from "./cx";
import { jsonLines, type Line } from "./json";
import styles from "./JsonView.module.css";
import { visible } from "./visible";

/** Drawn at first, and more with each press: a payload of any size freezes nothing. */
const someLines = 200;
const moreLines = 2000;
const longestText = 4000;
const longestRaw = 100_000;

/** Pretty-printed JSON. `before`: members that differ from it are marked as new. `title` stands above. */
export function JsonView({
  value,
  before,
  title,
}: {
  value: unknown;
  before?: unknown;
  title?: string;
}) {
  const [raw, setRaw] = useState(false);
  const [count, setCount] = useState(someLines);
  const lines = jsonLines(value, before);
  const shown = lines.slice(0, count);
  const text = JSON.stringify(value, null, 2);
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <span className={styles.title}>{title}</span>
        <Button
          variant="quiet"
          onPress={() => {
            setRaw(!raw);
          }}
        >
          {raw ? common.pretty : common.raw}
        </Button>
        <CopyButton text={text} iconOnly />
      </div>
      {/* A long text scrolls: the keyboard must be able to reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.text} tabIndex={0}>
        {raw ? (
          <Cut text={JSON.stringify(value)} most={longestRaw} />
        ) : (
          shown.map((line, index) => <Row key={index} line={line} />)
        )}
      </pre>
      {!raw && shown.length < lines.length && (
        <div className="row">
          <span className="faint">
            {common.shown(formatNumber(shown.length), formatNumber(lines.length))}
          </span>
          <Button
            variant="quiet"
            onPress={() => {
              setCount(count + moreLines);
            }}
          >
            {common.showMore}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ line }: { line: Line }) {
  return (
    <div className={cx(styles.line, line.changed && styles.changed)}>
      {"  ".repeat(line.depth)}
      {line.name !== undefined && (
        <span className={styles.name}>
          <Cut text={JSON.stringify(line.name)} most={longestText} />
          {": "}
        </span>
      )}
      <span className={styles[line.kind]}>
        <Cut text={line.text} most={longestText} />
      </span>
      {line.comma && ","}
    </div>
  );
}

/** The beginning of a text, with how long all of it is. Copying takes all of it. */
function Cut({ text, most }: { text: string; most: number }) {
  return (
    <>
      {visible(text, most)}
      {text.length > most && (
        <span className={styles.cut}>{common.cut(formatNumber(text.length))}</span>
      )}
    </>
  );
}
