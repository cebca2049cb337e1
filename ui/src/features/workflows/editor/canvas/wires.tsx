import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";
import styles from "./Canvas.module.css";
import { firstLane, laneWidth, type Wire } from "./layout";

export type WireEdge = Edge<{ wire: Wire }, Wire["kind"]>;

function NextWire({ id, sourceX, sourceY, targetX, targetY }: EdgeProps<WireEdge>) {
  return (
    <BaseEdge
      id={id}
      className={styles.wire}
      path={`M ${sourceX} ${sourceY} L ${targetX} ${targetY}`}
    />
  );
}

function ExitWire({ id, sourceX, targetX, targetY }: EdgeProps<WireEdge>) {
  return (
    <BaseEdge
      id={id}
      className={styles.way}
      path={`M ${sourceX} ${targetY} L ${targetX} ${targetY}`}
    />
  );
}

const round = 8;

/** Out to its lane, down, and back into the side of the step it goes on at. */
function JumpWire({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<WireEdge>) {
  const lane = data?.wire.kind === "jump" ? data.wire.lane : 0;
  const x = firstLane + lane * laneWidth;
  const down = targetY > sourceY ? 1 : -1;
  const path =
    `M ${sourceX} ${sourceY} H ${x - round} ` +
    `Q ${x} ${sourceY} ${x} ${sourceY + down * round} V ${targetY - down * round} ` +
    `Q ${x} ${targetY} ${x - round} ${targetY} H ${targetX + 2}`;
  return (
    <>
      <BaseEdge id={id} className={styles.way} path={path} interactionWidth={14} />
      <path
        className={styles.arrow}
        d={`M ${targetX + 9} ${targetY - 5} L ${targetX + 1} ${targetY} L ${targetX + 9} ${targetY + 5}`}
      />
    </>
  );
}

export const wireTypes = { next: NextWire, exit: ExitWire, jump: JumpWire };
