const place = "ihook.token";

/** Takes `#token=…` out of the address, so that it is neither shown, copied nor kept in history. */
export function takeToken(): void {
  const found = /^#token=([^&]+)/.exec(window.location.hash);
  if (found?.[1] === undefined) return;
  sessionStorage.setItem(place, decodeURIComponent(found[1]));
  history.replaceState(null, "", `${window.location.pathname}${window.location.search}#/`);
}

export function token(): string {
  return sessionStorage.getItem(place) ?? "";
}

export function setToken(value: string): void {
  sessionStorage.setItem(place, value.trim());
}
