import { useEffect, useEffectEvent, useRef, useState } from "react";
import { call, type Request } from "../../api/call";
import { asApiError, type ApiError } from "../../api/errors";
import { useRead } from "../../api/queries";
import { changed, grown, latest, noFeed, openPage, pageLength, refreshed } from "./feed";
import type { Reading } from "../../components/useRowWindow";

/** Rows left below the screen when the next page is asked for. */
const ahead = 120;
const grain = 100;
/** Rows that fill any screen. While there are fewer, the search goes on by itself. */
const screenful = 50;

/** What the list was last made of. */
type Taken = { data: unknown; view: string; isReading: boolean; again?: unknown };

/**
 * Runs that a filter finds: live at the top, held still while somebody reads, more as they scroll.
 * `view` names the filter: with another one the list begins anew.
 */
export function useFeed(request: Request<"run_list">, view: string) {
  const head = useRead("run_list", { ...request, limit: pageLength }, { keep: true });
  const [feed, setFeed] = useState(noFeed);
  const [reading, setReading] = useState<Reading>({ isReading: false, first: 0, last: 0 });
  const [taken, setTaken] = useState<Taken>();
  const [more, setMore] = useState<"idle" | "loading" | ApiError>("idle");
  const asked = useRef(view);

  const { data, isPlaceholderData } = head;
  const isStale = isPlaceholderData && taken?.view !== view;
  const isNews = data !== taken?.data || (taken?.isReading === true && !reading.isReading);
  if (data && !isStale && (taken?.view !== view || isNews)) {
    const isReading = reading.isReading;
    setTaken({ data, view, isReading, again: taken?.again });
    setFeed(taken?.view === view ? refreshed(feed, data, isReading) : latest(data));
  }

  // What is on screen further down may be on its way too.
  const open = openPage(feed, reading.first, reading.last);
  const { data: again } = useRead(
    "run_list",
    { ...request, limit: pageLength, ...(open !== undefined && { after: open }) },
    { enabled: open !== undefined },
  );
  if (again && again !== taken?.again) {
    setTaken({ data, view, isReading: reading.isReading, again });
    setFeed((now) => ({ ...now, rows: changed(now.rows, again.runs) }));
  }

  const loadMore = async () => {
    const after = feed.next;
    if (after === undefined || more === "loading") return;
    setMore("loading");
    asked.current = view;
    try {
      const page = await call("run_list", { ...request, limit: pageLength, after });
      if (asked.current === view) setFeed((now) => (now.next === after ? grown(now, page) : now));
      setMore("idle");
    } catch (error) {
      setMore(asApiError(error));
    }
  };
  // A page may end before it is full, or with nothing, and have a next one.
  const goOn = useEffectEvent(() => {
    if (feed.rows.length < screenful && more === "idle" && !isStale) void loadMore();
  });
  useEffect(() => {
    const soon = setTimeout(() => {
      goOn();
    });
    return () => {
      clearTimeout(soon);
    };
  }, [feed.next, more]);
  return {
    feed,
    error: head.error,
    isLoaded: data !== undefined,
    isStale,
    retry: () => void head.refetch(),
    more,
    loadMore: () => void loadMore(),
    onReading: (now: Reading) => {
      const coarse = { ...now, first: round(now.first, -1), last: round(now.last, 1) };
      setReading((before) => (sameReading(before, coarse) ? before : coarse));
      if (now.last > feed.rows.length - ahead && more === "idle") void loadMore();
    },
    /** Shows what was held back. */
    showNewest: () => {
      if (data) setFeed(latest(data, feed.rows));
    },
  };
}

/** Scrolling by a few rows is no news to anything but the table itself. */
function round(row: number, up: 1 | -1): number {
  return (up === 1 ? Math.ceil(row / grain) : Math.floor(row / grain)) * grain;
}

function sameReading(a: Reading, b: Reading): boolean {
  return a.isReading === b.isReading && a.first === b.first && a.last === b.last;
}
