const place = "ihook.handedOver";

/** Whether a hand-off sheet was printed, saved or copied on this computer. */
export function wasHandedOver(): boolean {
  return localStorage.getItem(place) !== null;
}

export function markHandedOver(): void {
  localStorage.setItem(place, "yes");
}
