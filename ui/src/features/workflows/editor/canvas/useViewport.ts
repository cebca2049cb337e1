import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import { useSelection } from "../EditorContext";
import type { Layout } from "./layout";

const margin = 24;

/** Begins with the trigger at the top, and keeps what is selected or has the focus in sight. */
export function useViewport(drawn: Layout) {
  const { selected } = useSelection();
  const flow = useReactFlow();
  const store = useStoreApi();
  const begin = () => {
    const { width } = store.getState();
    const zoom = Math.max(0.6, Math.min(1, (width - 2 * margin) / drawn.width));
    const x = Math.max(margin, (width - drawn.width * zoom) / 2);
    void flow.setViewport({ x, y: margin, zoom }).then(() => {
      reveal(selected);
    });
  };
  const reveal = (id: string | undefined) => {
    const part = drawn.parts.find((each) => each.id === id);
    const { width, height } = store.getState();
    if (!part || width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const dx = shift(part.x * zoom + x, part.width * zoom, width);
    const dy = shift(part.y * zoom + y, part.height * zoom, height);
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom });
  };
  const show = useEffectEvent(reveal);
  useEffect(() => {
    show(selected);
  }, [selected]);
  return { begin, reveal };
}

/** How far to move so that what begins at `at` and is `size` long lies within `room`. */
function shift(at: number, size: number, room: number): number {
  if (at < margin) return margin - at;
  const over = at + size + margin - room;
  return over > 0 ? -Math.min(over, at - margin) : 0;
}
