import { useSyncExternalStore } from "react";

/** A filter that somebody gave a name, kept on this computer. */
export type View = { name: string; query: string };

const place = "ihook.views";
const listeners = new Set<() => void>();
let kept: View[] | undefined;

function read(): View[] {
  kept ??= parse(localStorage.getItem(place));
  return kept;
}

/** Anything else that lies there is left out. */
function parse(text: string | null): View[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is View {
  const view = value as Partial<View> | null;
  return typeof view?.name === "string" && typeof view.query === "string";
}

function write(views: View[]): void {
  kept = views;
  localStorage.setItem(place, JSON.stringify(views));
  listeners.forEach((tell) => {
    tell();
  });
}

/** Saved views by name. */
export function useViews(): View[] {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, read);
}

/** A view of the same name is replaced. */
export function saveView(view: View): void {
  const others = read().filter(({ name }) => name !== view.name);
  write([...others, view].sort((a, b) => a.name.localeCompare(b.name)));
}

export function dropView(name: string): void {
  write(read().filter((view) => view.name !== name));
}
