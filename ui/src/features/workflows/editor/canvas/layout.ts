import { nested, type Action } from "../../../../workflow/file";
import { exitsOf, type Exit } from "../steps/exits";

/** A place where a step can be put: before the step that stands at `at` now. */
export type Slot = { at: number; within?: string };

export type Box = { x: number; y: number; width: number; height: number };

/** What is drawn, in the order in which the keyboard walks through it. */
export type Part = Box &
  (
    | { kind: "trigger" }
    | { kind: "step"; action: Action }
    | { kind: "slot"; slot: Slot; isEnd: boolean }
    | { kind: "loop"; of: string }
    | { kind: "exit"; exit: Exit }
  ) & { id: string };

export type Wire =
  | { kind: "next"; from: string; to: string }
  | { kind: "exit"; from: string; to: string }
  /** `lane`: how far to the right it runs, so that jumps do not lie on one another. */
  | { kind: "jump"; from: string; to: string; lane: number };

export type Layout = { parts: Part[]; wires: Wire[]; width: number; height: number };

const card = { width: 320, height: 64 };
const gap = 46;
const slotSize = 20;
const loopPadding = 16;
const exitBox = { width: 184, height: 26 };
const exitAt = card.width + 40;
export const firstLane = exitAt + exitBox.width + 20;
export const laneWidth = 18;

/** The trigger and the steps below it in one column; loops hold a narrower one; ways out stand at the right. */
export function layout(actions: Action[]): Layout {
  const parts: Part[] = [{ id: "trigger", kind: "trigger", x: 0, y: 0, ...card }];
  const wires: Wire[] = [];
  const bottom = column({ actions, x: 0, y: card.height, above: "trigger" }, parts, wires);
  jumps(parts, wires);
  const lanes = wires.flatMap((wire) => (wire.kind === "jump" ? [wire.lane + 1] : []));
  const exits = parts.some(({ kind }) => kind === "exit");
  const width =
    lanes.length > 0 ? firstLane + Math.max(...lanes) * laneWidth : exits ? firstLane : 0;
  return { parts, wires, width: Math.max(card.width, width), height: bottom };
}

type Column = { actions: Action[]; x: number; y: number; above: string; within?: string };

/** Adds a list of steps from `y` down; where it ends. */
function column({ actions, x, y, above, within }: Column, parts: Part[], wires: Wire[]): number {
  const width = card.width - 2 * x;
  let before = above;
  let down = y;
  const slot = (at: number) => {
    const id = `slot:${within ?? ""}:${at}`;
    parts.push({
      id,
      kind: "slot",
      slot: { at, ...(within !== undefined && { within }) },
      isEnd: at === actions.length,
      x: x + (width - slotSize) / 2,
      y: down + (gap - slotSize) / 2,
      width: slotSize,
      height: slotSize,
    });
    wires.push({ kind: "next", from: before, to: id });
    before = id;
    down += gap;
  };
  actions.forEach((action, at) => {
    slot(at);
    const top = down;
    wires.push({ kind: "next", from: before, to: action.id });
    // Behind its steps: it is drawn first, and is as high as they turn out to be.
    const frame = parts.length;
    parts.push({ id: action.id, kind: "step", action, x, y: top, width, height: card.height });
    exitParts(action, top, parts, wires);
    down += card.height;
    if (action.type === "forEach") {
      const inside = { actions: nested(action), x: x + loopPadding, y: down, within: action.id };
      down = column({ ...inside, above: action.id }, parts, wires) + loopPadding / 2;
      const height = down - top;
      parts.splice(frame, 0, {
        id: `loop:${action.id}`,
        kind: "loop",
        of: action.id,
        x,
        y: top,
        width,
        height,
      });
    }
    before = action.id;
  });
  slot(actions.length);
  return down;
}

function exitParts(action: Action, top: number, parts: Part[], wires: Wire[]) {
  const exits = exitsOf(action);
  exits.forEach((exit, index) => {
    const id = `exit:${action.id}:${exit.member}`;
    const shift = (index - (exits.length - 1) / 2) * (exitBox.height + 4);
    const y = top + (card.height - exitBox.height) / 2 + shift;
    parts.push({ id, kind: "exit", exit, x: exitAt, y, ...exitBox });
    wires.push({ kind: "exit", from: action.id, to: id });
  });
}

/** Short jumps run inside long ones. */
function jumps(parts: Part[], wires: Wire[]) {
  const middle = ({ y, height }: Box) => y + height / 2;
  const steps = new Map(parts.filter(({ kind }) => kind === "step").map((part) => [part.id, part]));
  const found = parts.flatMap((part) => {
    if (part.kind !== "exit" || part.exit.to === undefined) return [];
    const target = steps.get(part.exit.to);
    if (!target) return [];
    const ends = [middle(part), middle(target)].toSorted((a, b) => a - b);
    return [{ from: part.id, to: target.id, top: ends[0] ?? 0, end: ends[1] ?? 0 }];
  });
  const lanes: { top: number; end: number }[][] = [];
  for (const { from, to, ...span } of found.toSorted((a, b) => a.end - a.top - (b.end - b.top))) {
    const free = lanes.findIndex((lane) =>
      lane.every((other) => span.end < other.top || span.top > other.end),
    );
    const lane = free === -1 ? lanes.length : free;
    (lanes[lane] ??= []).push(span);
    wires.push({ kind: "jump", from, to, lane });
  }
}

/** The place nearest to a dragged step's middle; a loop goes into no loop. */
export function nearestSlot(parts: Part[], at: Box, action: Action): Part | undefined {
  const middle = at.y + at.height / 2;
  const open = parts.filter(
    (part) => part.kind === "slot" && (action.type !== "forEach" || part.slot.within === undefined),
  );
  const far = (part: Box) => Math.abs(part.y + part.height / 2 - middle);
  return open.toSorted((a, b) => far(a) - far(b))[0];
}
