import { useState } from "react";
import { common } from "../i18n/en";
import { formatNumber } from "../i18n/format";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { cx } from "./cx";
import { jsonLines, type Line } from "./json";
import styles from "./JsonView.module.css";

const firstLines = 200;

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
  const [all, setAll] = useState(false);
  const lines = jsonLines(value, before);
  const shown = all ? lines : lines.slice(0, firstLines);
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
        {raw ? JSON.stringify(value) : shown.map((line, index) => <Row key={index} line={line} />)}
      </pre>
      {!raw && shown.length < lines.length && (
        <div className="row">
          <span className="faint">
            {common.shown(formatNumber(shown.length), formatNumber(lines.length))}
          </span>
          <Button
            variant="quiet"
            onPress={() => {
              setAll(true);
            }}
          >
            {common.showAll}
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
        <span className={styles.name}>{JSON.stringify(line.name)}: </span>
      )}
      <span className={styles[line.kind]}>{line.text}</span>
      {line.comma && ","}
    </div>
  );
}
