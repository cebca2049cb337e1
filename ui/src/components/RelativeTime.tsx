import { useSyncExternalStore } from "react";
import { common } from "../i18n/en";
import { formatDateTime, formatSpan } from "../i18n/format";

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

/** Milliseconds since the epoch, advancing once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** "12 s ago" or "in 40 s"; the full date on hover. */
export function RelativeTime({ at }: { at: string }) {
  const past = useNow() - Date.parse(at);
  const words =
    past < -999
      ? common.inSpan(formatSpan(-past))
      : past < 1000
        ? common.justNow
        : common.ago(formatSpan(past));
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {words}
    </time>
  );
}
