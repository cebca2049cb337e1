import { expect, test } from "vitest";
import { memberName } from "../../workflow/memberName";
import { checkInWorkflow } from "../../workflow/samples";
import { bodies, nothingSent, portion, quantile, sendAll, tallied } from "./sendAll";

const file = checkInWorkflow("Check-in");

test("members take turns in the field that becomes the iMIS ID", () => {
  expect(memberName(file)).toBe("memberId");
  const made = bodies('{"memberId":"1","x":2}', 3, "memberId", ["7", "8"]);
  expect(made.map((body) => JSON.parse(body) as unknown)).toEqual([
    { memberId: "7", x: 2 },
    { memberId: "8", x: 2 },
    { memberId: "7", x: 2 },
  ]);
  expect(bodies("{", 2, "memberId", ["7"])).toEqual(["{", "{"]);
});

test.each([
  [{ concurrency: 4, perSecond: undefined }, 16],
  [{ concurrency: 1, perSecond: 5 }, 5],
  [{ concurrency: 32, perSecond: undefined }, 100],
  [{ concurrency: 1, perSecond: 500 }, 100],
])("%j goes in portions of %i", (pace, expected) => {
  expect(portion(pace)).toBe(expected);
});

test("answers are counted and timed", () => {
  const tally = tallied(nothingSent, [
    { status: 200, ms: 5 },
    { status: 400, ms: 1 },
    { status: 0, ms: 0, fault: "gone" },
  ]);
  expect(tally).toMatchObject({ sent: 3, answers: { 200: 1, 400: 1, 0: 1 }, fault: "gone" });
  expect([quantile(tally, 0.5), quantile(tally, 0.95), quantile(nothingSent, 0.5)]).toEqual([
    1, 5, 0,
  ]);
});

test("everything is sent once, and nothing after a stop", async () => {
  const seen: string[] = [];
  const all = ["a", "b", "c", "d", "e"];
  const stop = new AbortController();
  const send = (some: string[]) => {
    seen.push(...some);
    return Promise.resolve(some.map(() => ({ status: 200, ms: 1 })));
  };
  const pace = { concurrency: 1, perSecond: 1000 };
  await sendAll(all, pace, send, () => undefined, stop.signal);
  expect(seen).toEqual(all);
  seen.length = 0;
  const halt = () => {
    stop.abort();
  };
  await sendAll(all, { concurrency: 1, perSecond: undefined }, send, halt, stop.signal);
  expect(seen).toEqual(["a", "b", "c", "d"]);
});
