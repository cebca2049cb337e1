/** The look chosen by the person; "system" follows the computer. */
export type Theme = "system" | "light" | "dark";

const place = "ihook.theme";
const listeners = new Set<() => void>();

export function theme(): Theme {
  const stored = localStorage.getItem(place);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function setTheme(next: Theme): void {
  if (next === "system") localStorage.removeItem(place);
  else localStorage.setItem(place, next);
  applyTheme();
  listeners.forEach((tell) => {
    tell();
  });
}

/** Called before the first paint, so that nothing flashes. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = theme();
}

export function subscribeTheme(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
