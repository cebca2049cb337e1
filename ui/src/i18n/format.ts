/** Dates, numbers and sizes the way this computer's language writes them. */
const number = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const minuteClock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export function formatNumber(value: number): string {
  return number.format(value);
}

/** "09:15:04" today, with the date on other days. */
export function formatWhen(iso: string, now = Date.now()): string {
  const at = new Date(iso);
  return at.toDateString() === new Date(now).toDateString()
    ? clock.format(at)
    : dayAndTime.format(at);
}

export function formatDateTime(iso: string): string {
  return dayAndTime.format(new Date(iso));
}

/** "09:15", for axes. */
export function formatMinute(iso: string): string {
  return minuteClock.format(new Date(iso));
}

/** "< 1 ms", "84 ms", "0.31 s", "2 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(ms / second).toFixed(2)} s`;
  return formatSpan(ms);
}

/** "12 s", "5 min", "3 h", "2 days": the largest fitting unit. */
export function formatSpan(ms: number): string {
  const past = Math.max(0, ms);
  if (past < minute) return `${Math.floor(past / second)} s`;
  if (past < hour) return `${Math.floor(past / minute)} min`;
  if (past < 2 * day) return `${Math.floor(past / hour)} h`;
  return `${Math.floor(past / day)} days`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** "1 run", "2 runs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** "a, b and c", or "a, b or c". */
export function list(items: string[], word: "and" | "or" = "and"): string {
  const type = word === "and" ? "conjunction" : "disjunction";
  return new Intl.ListFormat("en", { type }).format(items);
}
