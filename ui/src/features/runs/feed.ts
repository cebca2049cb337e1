import { same } from "../../json";
import type { Run } from "../../api/bindings";

/** Rows of a page that is full. */
export const pageLength = 100;

export type Page = { runs: Run[]; next?: string };

/** The list as it is shown: newest first, growing at its end as somebody scrolls. */
export type Feed = {
  rows: Run[];
  /** For the page after the last row. */
  next: string | undefined;
  /** Where each page begins, so that it can be asked for again. */
  pages: { at: number; after: string }[];
  /** How many newer runs are held back while somebody reads. */
  held: number;
  /** More came than one page holds: `held` is the least. */
  isMore: boolean;
};

export const noFeed: Feed = { rows: [], next: undefined, pages: [], held: 0, isMore: false };

/** The newest page and nothing else. Rows that did not change stay the same objects. */
export function latest(head: Page, before: Run[] = []): Feed {
  return { ...noFeed, rows: reuse(head.runs, before), next: head.next };
}

/** The newest page came again. While somebody reads, no row comes, goes or moves: they only change in place. */
export function refreshed(feed: Feed, head: Page, isReading: boolean): Feed {
  if (!isReading && isShort(head) && feed.pages.length > 0) return above(feed, head);
  if (!isReading || feed.rows.length === 0) return latest(head, feed.rows);
  const known = new Set(feed.rows.map(({ id }) => id));
  const overlap = head.runs.findIndex(({ id }) => known.has(id));
  const held = overlap < 0 ? head.runs.length : overlap;
  return {
    ...feed,
    rows: changed(feed.rows, head.runs),
    held,
    isMore: overlap < 0 && head.next !== undefined,
  };
}

/** The server stopped looking before the page was full: what the filter finds is rare. */
function isShort({ runs, next }: Page): boolean {
  return next !== undefined && runs.length < pageLength;
}

/** The newest page came again, and older ones were looked for at length: they stay. */
function above(feed: Feed, head: Page): Feed {
  const news = new Set(head.runs.map(({ id }) => id));
  const rows = [...head.runs, ...feed.rows.filter(({ id }) => !news.has(id))];
  const more = rows.length - feed.rows.length;
  return {
    ...feed,
    rows: reuse(rows, feed.rows),
    pages: feed.pages.map(({ at, after }) => ({ at: at + more, after })),
    held: 0,
    isMore: false,
  };
}

/** The next page came. */
export function grown(feed: Feed, page: Page): Feed {
  const { next, pages, rows } = feed;
  // A page begins after the last row: what is in both can only stand at the end.
  const known = new Set(rows.slice(-page.runs.length).map(({ id }) => id));
  const runs = page.runs.filter(({ id }) => !known.has(id));
  return {
    ...feed,
    rows: [...rows, ...runs],
    pages: next === undefined ? pages : [...pages, { at: rows.length, after: next }],
    next: page.next,
  };
}

/** Rows as they are now, each at its place. */
export function changed(rows: Run[], news: Run[]): Run[] {
  const fresh = new Map(news.map((run) => [run.id, run]));
  const next = rows.map((row) => {
    const now = fresh.get(row.id);
    return now === undefined || same(now, row) ? row : now;
  });
  return next.some((row, index) => row !== rows[index]) ? next : rows;
}

const final = new Set<Run["status"]>(["succeeded", "failed", "rejected", "stopped", "cancelled"]);

/**
 * The first page on screen that holds a run still on its way: it is asked for again. The newest one comes by
 * itself.
 */
export function openPage(feed: Feed, first: number, last: number): string | undefined {
  return feed.pages.find(({ at }, index) => {
    const end = feed.pages[index + 1]?.at ?? feed.rows.length;
    const seen = feed.rows.slice(Math.max(first, at), Math.min(last, end));
    return seen.some(({ status }) => !final.has(status));
  })?.after;
}

function reuse(runs: Run[], before: Run[]): Run[] {
  const known = new Map(before.map((run) => [run.id, run]));
  return runs.map((run) => {
    const was = known.get(run.id);
    return was !== undefined && same(was, run) ? was : run;
  });
}
