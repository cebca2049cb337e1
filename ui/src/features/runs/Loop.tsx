import { useState } from "react";
import { Button } from "../../components/Button";
import { runs as words } from "../../i18n/en";
import type { Around } from "./around";
import { isDone, type Item } from "./loops";
import { Row } from "./Row";
import { StepView } from "./StepView";
import styles from "./Run.module.css";

/** Shown at first, so that a loop of a thousand items does not bury the rest. */
const some = 20;

/** What a loop did, item by item: those that are not done come first. */
export function Loop({ items, around }: { items: Item[]; around: Around }) {
  const [isAll, setIsAll] = useState(false);
  const open = items.filter((item) => !isDone(item));
  const ordered = [...open, ...items.filter(isDone)];
  const shown = isAll ? ordered : ordered.slice(0, Math.max(open.length, some));
  return (
    <Row status={open.length > 0 ? "failed" : "succeeded"}>
      <h2 className={styles.loopTitle}>
        {words.loop.title(items.length - open.length, items.length)}
        {open.length > 0 && (
          <span className={styles.notDone}>{words.loop.failed(open.length)}</span>
        )}
      </h2>
      <ol className={styles.loop}>
        {shown.map(({ item, steps }) =>
          steps.map((step) => (
            <Row key={`${item} ${step.index}`} status={step.status}>
              <StepView around={around} step={step} />
            </Row>
          )),
        )}
      </ol>
      {shown.length < items.length && (
        <Button
          variant="quiet"
          onPress={() => {
            setIsAll(true);
          }}
        >
          {words.loop.show}
        </Button>
      )}
    </Row>
  );
}
