import type { Tone } from "./status";

export type ToastMessage = {
  id: number;
  tone: Tone;
  text: string;
  link?: { href: string; text: string };
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

/** Says briefly that something happened: `toast("ok", "Copied")`. Failures stay until dismissed. */
export function toast(tone: Tone, text: string, link?: ToastMessage["link"]): void {
  const id = ++lastId;
  set([...messages.slice(-2), { id, tone, text, ...(link && { link }) }]);
  if (tone !== "bad") {
    setTimeout(() => {
      dismissToast(id);
    }, shownFor);
  }
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
