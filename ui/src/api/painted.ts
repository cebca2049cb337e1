import { isWindow } from "./call";

/** Tells the program's own window that the page was drawn: it tries another way to draw where nobody says so. */
export function reportPainted(): void {
  if (!isWindow()) return;
  const report = () => {
    void import("./tauri").then(({ painted }) => painted());
  };
  requestAnimationFrame(() => requestAnimationFrame(report));
  // A page that nobody sees is not drawn, and that is no fault.
  const reportHidden = () => {
    if (document.visibilityState === "hidden") report();
  };
  reportHidden();
  document.addEventListener("visibilitychange", reportHidden, { once: true });
}
