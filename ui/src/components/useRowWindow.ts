import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";

/** What somebody has before their eyes; rows must not move under it. */
export type Reading = {
  /** Scrolled away from the top, the pointer or the focus in the rows. */
  isReading: boolean;
  /** The rows on screen, and a few around them. */
  first: number;
  last: number;
};

/** Every row is as high, so that any place in a million rows is found by counting. */
export const rowHeight = 34;

/** Rows drawn at once are a multiple of this: scrolling draws in steps, not with every pixel. */
const step = 8;
/** Before the first measurement, and where nothing is laid out. */
const assumedHeight = 800;

type Range = { first: number; last: number; top: number };
type Marks = { isFocused: boolean; isHovered: boolean };

/** Which of `count` rows to draw in a scroller, and how the keyboard moves among them. */
export function useRowWindow(count: number, top: number, onReading: (reading: Reading) => void) {
  const scroller = useRef<HTMLDivElement>(null);
  const marks = useRef<Marks>({ isFocused: false, isHovered: false });
  const [{ first, last }, setRange] = useState(() => rangeAt(0, assumedHeight));
  const measure = () => {
    const element = scroller.current;
    if (!element) return;
    const height = element.clientHeight === 0 ? assumedHeight : element.clientHeight;
    const next = rangeAt(element.scrollTop, height);
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
    return { ...next, top: element.scrollTop };
  };
  const report = (range: Range | undefined) => {
    const { isFocused, isHovered } = marks.current;
    if (!range) return;
    onReading({
      isReading: range.top > 0 || isFocused || isHovered,
      first: range.first,
      last: Math.min(range.last, count),
    });
  };
  const look = useEffectEvent(() => {
    report(measure());
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      look();
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
    };
  }, []);
  useEffect(() => {
    look();
  }, [count]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [top]);

  return {
    scroller,
    first: Math.min(first, count),
    last: Math.min(last, count),
    onScroll: () => {
      report(measure());
    },
    mark: (change: Partial<Marks>) => {
      marks.current = { ...marks.current, ...change };
      report(measure());
    },
    /** Arrow keys and their like: moves the focus to another row, bringing it into view first. */
    moveTo: (event: KeyboardEvent<HTMLElement>, from: number) => {
      const element = scroller.current;
      if (!element) return;
      const page = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 2);
      const to = target(event.key, from, page, count);
      if (to === undefined) return;
      event.preventDefault();
      reveal(element, to);
      measure();
      const box = (event.target as Element).matches("input") ? "input" : "a";
      // The row may be drawn only now.
      requestAnimationFrame(() => {
        const row = element.querySelector(`[aria-rowindex="${to + 2}"]`);
        row?.querySelector<HTMLElement>(box)?.focus({ preventScroll: true });
      });
    },
  };
}

function rangeAt(top: number, height: number): { first: number; last: number } {
  const first = Math.floor(top / rowHeight / step) * step;
  const last = (Math.floor((top + height) / rowHeight / step) + 1) * step;
  return { first: Math.max(0, first - step), last: last + step };
}

function target(key: string, from: number, page: number, count: number): number | undefined {
  const wanted = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  }[key];
  return wanted === undefined ? undefined : Math.min(count - 1, Math.max(0, wanted));
}

/** Below the heading, which stays in place over the rows. */
function reveal(element: HTMLElement, index: number): void {
  const top = index * rowHeight;
  const room = element.clientHeight - 2 * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top > element.scrollTop + room) element.scrollTop = top - room;
}
