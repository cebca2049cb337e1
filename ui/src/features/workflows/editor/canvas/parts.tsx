import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "../../../../components/cx";
import { workflows as words } from "../../../../i18n/en";
import { isEnabled } from "../../../../workflow/file";
import { ActionCard } from "../steps/ActionCard";
import { AddStep } from "../steps/AddStep";
import { useDraft, useSelection } from "../EditorContext";
import { exitWords } from "../steps/summaries";
import { TriggerCard } from "../steps/TriggerCard";
import styles from "./Canvas.module.css";
import type { Part } from "./layout";

export type PartNode = Node<{ part: Part; isTarget: boolean }, Part["kind"]>;
type Of<K extends Part["kind"]> = Extract<Part, { kind: K }>;

/** Where lines begin and end. Only a way out that jumps can be taken hold of, and only steps take it. */
function Ends({ top, bottom, jumpsTo }: { top?: boolean; bottom?: boolean; jumpsTo?: boolean }) {
  const fixed = { className: styles.end ?? "", isConnectable: false };
  return (
    <>
      {top === true && <Handle id="top" type="target" position={Position.Top} {...fixed} />}
      {bottom === true && (
        <Handle id="bottom" type="source" position={Position.Bottom} {...fixed} />
      )}
      {jumpsTo === true && (
        <>
          <Handle id="out" type="source" position={Position.Right} {...fixed} />
          <Handle
            id="jump"
            type="target"
            position={Position.Right}
            className={styles.end ?? ""}
            isConnectableStart={false}
          />
        </>
      )}
    </>
  );
}

function TriggerPart() {
  return (
    <>
      <TriggerCard />
      <Ends bottom />
    </>
  );
}

function StepPart({ data }: NodeProps<PartNode>) {
  const { file } = useDraft();
  const { action } = data.part as Of<"step">;
  const firstEnabled = file.actions.find(isEnabled)?.id;
  return (
    <>
      <ActionCard
        action={action}
        checksFirst={action.id === firstEnabled && action.type === "jsonSchemaValidation"}
      />
      <Ends top bottom jumpsTo />
    </>
  );
}

function SlotPart({ data }: NodeProps<PartNode>) {
  const { file } = useDraft();
  const { slot, isEnd } = data.part as Of<"slot">;
  const isEmpty = isEnd && slot.at === 0;
  return (
    <div className={cx("nodrag", data.isTarget && styles.target)}>
      <AddStep slot={slot} />
      {isEmpty && (
        <p className={styles.empty}>
          {slot.within === undefined && file.actions.length === 0 ? words.noActions : words.noLoop}
        </p>
      )}
      <Ends top bottom={!isEnd} />
    </div>
  );
}

function LoopPart() {
  return <div className={styles.loop} />;
}

function ExitPart({ data }: NodeProps<PartNode>) {
  const { file } = useDraft();
  const { select } = useSelection();
  const { exit } = data.part as Of<"exit">;
  const text = exitWords(exit, file);
  return (
    <>
      <AriaButton
        className={cx("nodrag", styles.exit, exit.way === "stopFailure" && styles.bad)}
        aria-label={words.exitOf(text)}
        onPress={() => {
          select(exit.of, exit.member);
        }}
      >
        {text}
      </AriaButton>
      <Handle
        id="in"
        type="target"
        position={Position.Left}
        className={styles.end ?? ""}
        isConnectable={false}
      />
      <Handle
        id="jump"
        type="source"
        position={Position.Right}
        className={styles.grip ?? ""}
        title={words.dragJump}
      />
    </>
  );
}

export const partTypes = {
  trigger: TriggerPart,
  step: StepPart,
  slot: SlotPart,
  loop: LoopPart,
  exit: ExitPart,
};
