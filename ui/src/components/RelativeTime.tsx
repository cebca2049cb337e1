import { useSyncExternalStore } from "react";
import { common } from "../i18n/en";
import { formatDateTime, formatSpan, formatWhen } from "../i18n/format";

/** One clock for all relative times on screen: it ticks only while somebody looks. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  listeners.forEach((tell) => {
    tell();
  });
}

function subscribe(tell: () => void) {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(tick, 1000);
  }
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) clearInterval(timer);
  };
}

const minute = 60_000;

/** Milliseconds since the epoch in whole minutes, advancing once a minute. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / minute) * minute);
}

/** "12 s ago" or "in 40 s"; the full date on hover. Drawn again only when the words change. */
export function RelativeTime({ at }: { at: string }) {
  const words = useSyncExternalStore(subscribe, () => relative(now - Date.parse(at)));
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {words}
    </time>
  );
}

/** When it was, and how long ago that is: for a column. */
export function TimeAndAge({ at }: { at: string }) {
  return (
    <>
      <span className="tabular">{formatWhen(at)}</span>{" "}
      <span className="faint">
        <RelativeTime at={at} />
      </span>
    </>
  );
}

function relative(past: number): string {
  if (past < -999) return common.inSpan(formatSpan(-past));
  return past < 1000 ? common.justNow : common.ago(formatSpan(past));
}
