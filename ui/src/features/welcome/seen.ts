const place = "ihook.welcome";

/** Whether the tour was finished or skipped on this computer. Without storage it counts as seen. */
export function wasSeen(): boolean {
  try {
    return localStorage.getItem(place) !== null;
  } catch {
    return true;
  }
}

export function markSeen(): void {
  try {
    localStorage.setItem(place, "seen");
  } catch {
    // Nothing to remember it in: it is only a tour.
  }
}
