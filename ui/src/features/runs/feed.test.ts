import { expect, test } from "vitest";
import { run } from "../../testing/samples";
import { grown, latest, noFeed, openPage, refreshed, type Feed } from "./feed";

const runs = (...ids: string[]) => ids.map((id) => run("succeeded", { id }));
const ids = ({ rows }: Feed) => rows.map(({ id }) => id).join(" ");

test("nobody reading sees the newest page as it is", () => {
  const feed = latest({ runs: runs("c", "b", "a"), next: "a" });
  expect(ids(refreshed(feed, { runs: runs("e", "d", "c"), next: "c" }, false))).toBe("e d c");
});

test("under a reader no row comes, goes or moves, and changes are seen in place", () => {
  const feed = grown(latest({ runs: runs("c", "b"), next: "b" }), { runs: runs("a") });
  const head = { runs: [...runs("e", "d"), run("failed", { id: "c" })], next: "c" };
  const next = refreshed(feed, head, true);
  expect(ids(next)).toBe("c b a");
  expect(next.rows[0]?.status).toBe("failed");
  expect(next.rows[1]).toBe(feed.rows[1]);
  expect([next.held, next.isMore]).toEqual([2, false]);
});

test("more news than a page holds are counted as at least so many", () => {
  const next = refreshed(latest({ runs: runs("a") }), { runs: runs("z", "y"), next: "y" }, true);
  expect([ids(next), next.held, next.isMore]).toEqual(["a", 2, true]);
});

test("rows that did not change stay the same objects", () => {
  const feed = latest({ runs: runs("b", "a") });
  const next = refreshed(feed, { runs: runs("c", "b", "a") }, false);
  expect(next.rows[1]).toBe(feed.rows[0]);
});

test("a page is not taken twice, and the last one ends the list", () => {
  const feed = grown(latest({ runs: runs("d", "c"), next: "c" }), { runs: runs("c", "b") });
  expect([ids(feed), feed.next]).toEqual(["d c b", undefined]);
});

test("a page on screen is asked for again while something in it is on its way", () => {
  const first = latest({ runs: runs("d"), next: "d" });
  const feed = grown(grown(first, { runs: [run("queued", { id: "c" })], next: "c" }), {
    runs: runs("b", "a"),
  });
  expect(openPage(feed, 0, 4)).toBe("d");
  expect(openPage(feed, 2, 4)).toBeUndefined();
  expect(openPage(noFeed, 0, 10)).toBeUndefined();
});

test("what was looked for at length stays below a newest page that found little", () => {
  const feed = grown(latest({ runs: runs("c"), next: "x" }), { runs: runs("b", "a") });
  const next = refreshed(feed, { runs: runs("d", "c"), next: "y" }, false);
  expect([ids(next), next.next]).toEqual(["d c b a", undefined]);
  expect(next.rows[3]).toBe(feed.rows[2]);
  expect(openPage({ ...next, rows: runs("d", "c", "b") }, 0, 3)).toBeUndefined();
});
