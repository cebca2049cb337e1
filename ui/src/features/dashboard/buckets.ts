export type Bucket = { at: string; received: number; failed: number; rejected: number };
type Point = { at: number; received: number; bad: number };

const minute = 60_000;

/** The start of the minute that a time is in. */
export function minuteOf(now: number): number {
  return Math.floor(now / minute) * minute;
}

/** One point for each minute up to and with `last`: the server leaves out minutes without deliveries. */
export function everyMinute(buckets: Bucket[], last: number, count = 60): Point[] {
  const known = new Map(buckets.map((bucket) => [minuteOf(Date.parse(bucket.at)), bucket]));
  return Array.from({ length: count }, (_, index) => {
    const at = last - (count - 1 - index) * minute;
    const bucket = known.get(at);
    return {
      at,
      received: bucket?.received ?? 0,
      bad: (bucket?.failed ?? 0) + (bucket?.rejected ?? 0),
    };
  });
}

/** A round number not below the peak, so that the axis reads well. */
export function ceiling(peak: number): number {
  const steps = [4, 8, 10, 20, 40, 50, 80, 100];
  let scale = 1;
  for (;;) {
    const found = steps.find((step) => step * scale >= peak);
    if (found !== undefined) return found * scale;
    scale *= 10;
  }
}
