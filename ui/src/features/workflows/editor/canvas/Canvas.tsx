import {
  Background,
  ReactFlow,
  ReactFlowProvider,
  type Connection,
  type Edge,
  type NodeChange,
} from "@xyflow/react";
import { useRef, useState } from "react";
import { workflows as words } from "../../../../i18n/en";
import { nested, type Action } from "../../../../workflow/file";
import { useDraft, useSelection } from "../EditorContext";
import "./flow.css";
import styles from "./Canvas.module.css";
import { layout, nearestSlot, type Layout, type Part } from "./layout";
import { partTypes, type PartNode } from "./parts";
import { useViewport } from "./useViewport";
import { wireTypes, type WireEdge } from "./wires";
import { ZoomButtons } from "./ZoomButtons";

/** The trigger and the actions below it, in order, with a + between any two and the ways out at the side. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Drawing />
    </ReactFlowProvider>
  );
}

type Drag = { action: Action; dx: number; dy: number; slot: Part | undefined };

function Drawing() {
  const { file, edit } = useDraft();
  const { select } = useSelection();
  const drawn = layout(file.actions);
  const [drag, setDrag] = useState<Drag>();
  const { begin, reveal } = useViewport(drawn);
  const pressing = useRef(false);
  /** A jump leads forward, to a step of the same list. */
  const jump = ({ source, target }: Connection | Edge) => {
    const exit = drawn.parts.find(({ id }) => id === source);
    if (exit?.kind !== "exit") return undefined;
    const from = siblings(file.actions, exit.exit.of);
    const at = from.findIndex(({ id }) => id === exit.exit.of);
    return from.slice(at + 1).some(({ id }) => id === target) ? exit.exit : undefined;
  };
  const connect = (connection: Connection) => {
    const exit = jump(connection);
    if (!exit) return;
    const changes = { [exit.member]: { goTo: connection.target } };
    edit({ kind: "action", id: exit.of, changes });
    select(exit.of);
  };
  const moved = (change: NodeChange<PartNode>) => {
    if (change.type !== "position" || change.position === undefined) return;
    const part = drawn.parts.find(({ id }) => id === change.id);
    if (part?.kind !== "step") return;
    const dx = change.position.x - part.x;
    const dy = change.position.y - part.y;
    const slot = nearestSlot(drawn.parts, { ...part, y: part.y + dy }, part.action);
    setDrag({ action: part.action, dx, dy, slot });
  };
  return (
    <div className={styles.canvas}>
      <ReactFlow<PartNode, WireEdge>
        aria-label={words.canvas}
        onPointerDownCapture={() => {
          pressing.current = true;
          const released = () => {
            pressing.current = false;
          };
          addEventListener("pointerup", released, { once: true });
          addEventListener("pointercancel", released, { once: true });
        }}
        onFocus={({ target }) => {
          // What moves away under a press would never be chosen.
          if (pressing.current) return;
          reveal(target.closest<HTMLElement>(".react-flow__node")?.dataset.id);
        }}
        nodes={nodesOf(drawn, drag)}
        edges={edgesOf(drawn)}
        nodeTypes={partTypes}
        edgeTypes={wireTypes}
        onInit={begin}
        onNodesChange={(changes) => {
          changes.forEach(moved);
        }}
        onNodeDragStop={() => {
          if (drag?.slot?.kind === "slot") {
            edit({ kind: "place", id: drag.action.id, ...drag.slot.slot });
          }
          setDrag(undefined);
        }}
        onConnect={connect}
        onReconnect={(_old, connection) => {
          connect(connection);
        }}
        isValidConnection={(connection) => jump(connection) !== undefined}
        nodeDragThreshold={5}
        connectionRadius={40}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.4}
        maxZoom={1.6}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} size={1.4} />
        <ZoomButtons />
      </ReactFlow>
    </div>
  );
}

function siblings(actions: Action[], id: string): Action[] {
  return (
    [actions, ...actions.map(nested)].find((list) => list.some((each) => each.id === id)) ?? []
  );
}

function nodesOf({ parts }: Layout, drag: Drag | undefined): PartNode[] {
  const dragged = drag?.action.id;
  const along = new Set(drag ? [drag.action, ...nested(drag.action)].map(({ id }) => id) : []);
  return parts.map((part) => {
    const owner = part.kind === "step" ? part.id : ownerOf(part);
    const goes = owner !== undefined && along.has(owner);
    return {
      id: part.id,
      type: part.kind,
      position: {
        x: part.x + (goes ? (drag?.dx ?? 0) : 0),
        y: part.y + (goes ? (drag?.dy ?? 0) : 0),
      },
      width: part.width,
      height: part.height,
      data: { part, isTarget: drag !== undefined && drag.slot?.id === part.id },
      draggable: part.kind === "step",
      // Pressing a button moves nothing.
      className: "nopan",
      // The library lets clicks through to the ground where a part can be neither dragged nor selected.
      style: { pointerEvents: part.kind === "loop" ? "none" : "all" },
      zIndex: part.kind === "loop" ? -1 : part.id === dragged ? 2 : 1,
      // It is a box around our own controls, which say what they are.
      domAttributes: { "aria-roledescription": undefined },
    };
  });
}

/** The step that a part belongs to and moves with. */
function ownerOf(part: Part): string | undefined {
  if (part.kind === "loop") return part.of;
  if (part.kind === "exit") return part.exit.of;
  return part.kind === "slot" ? part.slot.within : undefined;
}

const ends = {
  next: { sourceHandle: "bottom", targetHandle: "top" },
  exit: { sourceHandle: "out", targetHandle: "in" },
  jump: { sourceHandle: "jump", targetHandle: "jump" },
};

function edgesOf({ wires }: Layout): WireEdge[] {
  return wires.map((wire) => ({
    id: `${wire.from}>${wire.to}`,
    type: wire.kind,
    source: wire.from,
    target: wire.to,
    ...ends[wire.kind],
    data: { wire },
    reconnectable: wire.kind === "jump" ? "target" : false,
    // The same is said in the words of the way out.
    domAttributes: { "aria-hidden": true },
  }));
}
