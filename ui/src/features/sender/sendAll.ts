import type { Commands } from "../../api/bindings";
import { asObject, pretty } from "../../workflow/file";
import { tryParse } from "../../json";

type Answer = Commands["sender_batch"]["response"]["answers"][number];

/** As many as a command takes. */
const mostAtOnce = 100;

/** How often each answer came, and how long answers took. */
export type Tally = {
  sent: number;
  answers: Record<string, number>;
  /** Milliseconds, shortest first. */
  times: number[];
  /** Why the last one without an answer had none. */
  fault?: string;
};
export const nothingSent: Tally = { sent: 0, answers: {}, times: [] };

export function tallied(tally: Tally, answers: Answer[]): Tally {
  const counts = { ...tally.answers };
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  const fault = answers.find((answer) => answer.fault !== undefined)?.fault ?? tally.fault;
  return {
    sent: tally.sent + answers.length,
    answers: counts,
    times: [...tally.times, ...answers.map(({ ms }) => ms)].sort((a, b) => a - b),
    ...(fault !== undefined && { fault }),
  };
}

/** The time that a share of the answers did not exceed. */
export function quantile({ times }: Tally, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

/** One body for each, with the members in turn. */
export function bodies(
  body: string,
  count: number,
  name: string | undefined,
  members: string[],
): string[] {
  const parsed = tryParse(body);
  if (name === undefined || members.length === 0 || "fault" in parsed) {
    return Array.from({ length: count }, () => body);
  }
  const payload = asObject(parsed.value);
  return Array.from({ length: count }, (_, at) =>
    pretty({ ...payload, [name]: members[at % members.length] }),
  );
}

export type Pace = { concurrency: number; perSecond: number | undefined };

/** What to send in one go: small enough to show how far it is, and to keep the pace. */
export function portion({ concurrency, perSecond }: Pace): number {
  return Math.max(1, Math.min(mostAtOnce, perSecond ?? concurrency * 4));
}

/** Sends all in portions; says after each how it stands. Ends early when told to stop. */
export async function sendAll(
  all: string[],
  pace: Pace,
  send: (some: string[]) => Promise<Answer[]>,
  tell: (tally: Tally) => void,
  stop: AbortSignal,
): Promise<void> {
  let tally = nothingSent;
  const size = portion(pace);
  for (let at = 0; at < all.length && !stop.aborted; at += size) {
    const begun = Date.now();
    const some = all.slice(at, at + size);
    tally = tallied(tally, await send(some));
    tell(tally);
    const due = pace.perSecond === undefined ? 0 : (some.length / pace.perSecond) * 1000;
    const left = at + size < all.length ? due - (Date.now() - begun) : 0;
    if (left > 0) await pause(left, stop);
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
