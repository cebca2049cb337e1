import { observeElementRect, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useRef } from "react";

/** What somebody has before their eyes; rows must not move under it. */
export type Reading = {
  /** Scrolled away from the top, the pointer or the focus in the rows. */
  isReading: boolean;
  /** The rows on screen: from `first`, before `last`. */
  first: number;
  last: number;
};

/** In pixels, as `--row` in tokens.css: every row is as high, so that any place in a million is found by counting. */
const rowHeight = 32;
/** Where nothing is laid out, in pixels. */
const assumedHeight = 800;
/** Rows drawn beyond the screen on either side. */
const around = 12;

type Marks = { isFocused: boolean; isHovered: boolean };
type Rows = Virtualizer<HTMLDivElement, Element>;

/**
 * Which of `count` rows to draw in a scroller, whose heading stays in place over them. Without `onReading` there is
 * no scroller, and all are drawn. Another number in `top` scrolls back to the first row.
 */
export function useRowWindow(
  count: number,
  { top, onReading }: { top?: number; onReading?: (reading: Reading) => void },
) {
  const scroller = useRef<HTMLDivElement>(null);
  const marks = useRef<Marks>({ isFocused: false, isHovered: false });
  const report = (rows: Rows) => {
    const { isFocused, isHovered } = marks.current;
    onReading?.({
      isReading: (rows.scrollOffset ?? 0) > 0 || isFocused || isHovered,
      first: rows.range?.startIndex ?? 0,
      last: Math.min((rows.range?.endIndex ?? 0) + 1, count),
    });
  };
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing but numbers of rows leaves this hook
  const rows = useVirtualizer<HTMLDivElement, Element>({
    count,
    enabled: onReading !== undefined,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: around,
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 0, height: assumedHeight },
    observeElementRect: (instance, see) =>
      observeElementRect(instance, ({ width, height }) => {
        see({ width, height: height === 0 ? assumedHeight : height });
      }),
    onChange: report,
  });
  const look = useEffectEvent(() => {
    report(rows);
  });
  useEffect(() => {
    look();
  }, [count]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [top]);

  const scrolls = onReading !== undefined;
  return {
    scroller,
    drawn: scrolls
      ? rows.getVirtualItems().map(({ index }) => index)
      : Array.from({ length: count }, (_, index) => index),
    /** Rows that a page key passes; undefined where the page scrolls and not the table. */
    page: () => {
      const height = scroller.current?.clientHeight ?? 0;
      return scrolls ? Math.max(1, Math.floor(height / rowHeight) - 2) : undefined;
    },
    reveal: (index: number) => {
      if (scrolls) rows.scrollToIndex(index, { align: "auto" });
    },
    mark: (change: Partial<Marks>) => {
      marks.current = { ...marks.current, ...change };
      report(rows);
    },
  };
}
