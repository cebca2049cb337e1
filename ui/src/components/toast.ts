import type { Tone } from "./status";

export type ToastMessage = {
  id: number;
  tone: Tone;
  text: string;
  group: string;
  link?: { href: string; text: string };
  /** How often it was said since it appeared. */
  count: number;
};

const shownFor = 6000;
let messages: ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: ToastMessage[]) {
  messages = next;
  listeners.forEach((tell) => {
    tell();
  });
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

/**
 * Says briefly that something happened: `toast("ok", "Copied")`. Failures stay until dismissed. What is said
 * again under the same `group` (the text, when not given) is counted in the message that is there.
 */
export function toast(tone: Tone, text: string, link?: ToastMessage["link"], group = text): void {
  const before = messages.find((message) => message.group === group && message.tone === tone);
  const id = before?.id ?? ++lastId;
  const count = (before?.count ?? 0) + 1;
  const message = { id, tone, text, group, count, ...(link && { link }) };
  set(
    before
      ? messages.map((other) => (other === before ? message : other))
      : [...messages.slice(-2), message],
  );
  clearTimeout(timers.get(id));
  if (tone === "bad") return;
  timers.set(
    id,
    setTimeout(() => {
      timers.delete(id);
      dismissToast(id);
    }, shownFor),
  );
}

export function dismissToast(id: number): void {
  set(messages.filter((message) => message.id !== id));
}

export function toasts(): ToastMessage[] {
  return messages;
}

export function subscribeToasts(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
