import type { KeyboardEvent } from "react";
import {
  Button as AriaButton,
  Collection,
  Tree,
  TreeItem,
  TreeItemContent,
} from "react-aria-components";
import { cx } from "../../../../components/cx";
import { Icon } from "../../../../components/Icon";
import { Menu } from "../../../../components/Menu";
import { Pill } from "../../../../components/Pill";
import { workflows as words } from "../../../../i18n/en";
import { allActions, isEnabled, nested, type Action } from "../../../../workflow/file";
import { icons } from "./ActionCard";
import { AddStep } from "./AddStep";
import { exitsOf } from "./exits";
import { useChecks, useDraft, useSelection } from "../EditorContext";
import styles from "./StepList.module.css";
import { exitWords, summaryOf, titleOf } from "./summaries";
import { TriggerCard } from "./TriggerCard";
import { actionEdits, pressStepKey, useActionEdits } from "./useActionEdits";
import { useStepDragging } from "./useStepDragging";

/** The same steps as on the canvas, as a list from top to bottom: to read, to walk and to order. */
export function StepList() {
  const { file, edit } = useDraft();
  const { selected, select } = useSelection();
  /** Keys of a row as a whole; everything they do is also in the row's menu. */
  const onKey = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).matches("[role=row]")
      ? (event.target as HTMLElement).dataset.key
      : undefined;
    const action = allActions(file.actions).find((each) => each.id === id);
    if (!action || !pressStepKey(event, actionEdits({ file, edit, select }, action))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const dragging = useStepDragging();
  const loops = file.actions.filter(({ type }) => type === "forEach").map(({ id }) => id);
  return (
    <div className={styles.frame} onKeyDownCapture={onKey}>
      <div className={styles.trigger}>
        <TriggerCard />
      </div>
      <Tree
        aria-label={words.steps}
        className={styles.list ?? ""}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={[selected]}
        expandedKeys={loops}
        dragAndDropHooks={dragging}
        onSelectionChange={(keys) => {
          const [key] = keys === "all" ? [] : keys;
          if (key !== undefined) select(String(key));
        }}
      >
        {file.actions.map((action, index) => (
          <Item key={action.id} action={action} number={`${index + 1}`} at={index} />
        ))}
      </Tree>
      <div className={styles.end}>
        {file.actions.length === 0 && <p className="muted">{words.noActions}</p>}
        <AddStep slot={{ at: file.actions.length }}>{words.addStep}</AddStep>
      </div>
    </div>
  );
}

type Place = { number: string; at: number; within?: string };

function Item({ action, ...place }: { action: Action } & Place) {
  return (
    <TreeItem id={action.id} textValue={titleOf(action)} className={styles.row ?? ""}>
      <TreeItemContent>
        <Row action={action} {...place} />
      </TreeItemContent>
      <Collection>
        {nested(action).map((each, index) => (
          <Item
            key={each.id}
            action={each}
            number={`${place.number}.${index + 1}`}
            at={index}
            within={action.id}
          />
        ))}
      </Collection>
    </TreeItem>
  );
}

function Row({ action, number, at, within }: { action: Action } & Place) {
  const { file } = useDraft();
  const { problems } = useChecks();
  const act = useActionEdits(action);
  const own = problems.filter(({ step }) => step === action.id).length;
  const slot = { at: at + 1, ...(within !== undefined && { within }) };
  return (
    <div className={cx(styles.cells, !isEnabled(action) && styles.off)}>
      <AriaButton
        slot="drag"
        className={styles.grip ?? ""}
        aria-label={words.dragStep(titleOf(action))}
      >
        <Icon name="grip" size={14} />
      </AriaButton>
      <span className={styles.number}>{number}</span>
      <span className={styles.icon}>
        <Icon name={icons[action.type]} />
      </span>
      <span className={styles.what}>
        <b>{titleOf(action)}</b>
        <span className={styles.sub}>{summaryOf(action)}</span>
        {exitsOf(action).map((exit) => (
          <span key={exit.member} className={styles.exit}>
            {exitWords(exit, file)}
          </span>
        ))}
      </span>
      {!isEnabled(action) && <Pill>{words.off}</Pill>}
      {own > 0 && (
        <Pill tone="warn" icon="hand">
          {words.problems(own)}
        </Pill>
      )}
      {action.type === "forEach" && (
        <AddStep slot={{ at: nested(action).length, within: action.id }} />
      )}
      <AddStep slot={slot} />
      <Menu
        label={words.moreFor(titleOf(action))}
        entries={[
          {
            id: "up",
            label: words.moveUp,
            isDisabled: act.isFirst,
            onAction: () => {
              act.move(-1);
            },
          },
          {
            id: "down",
            label: words.moveDown,
            isDisabled: act.isLast,
            onAction: () => {
              act.move(1);
            },
          },
          {
            id: "toggle",
            label: isEnabled(action) ? words.disable : words.enable,
            onAction: act.toggle,
          },
          { id: "duplicate", label: words.duplicateStep, onAction: act.duplicate },
          { id: "remove", label: words.remove, danger: true, onAction: act.remove },
        ]}
      />
    </div>
  );
}
