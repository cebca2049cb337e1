import type { Settings } from "../../api/bindings";
import type { Request } from "../../api/call";
import { settings as words } from "../../i18n/en";

/** What the person typed, as text. */
export type Form = {
  publicBaseUrl: string;
  maxBody: string;
  retention: string;
  retentionSize: string;
  /** One block a line. */
  trustedProxies: string;
  proxyHeader: Settings["proxyHeader"];
  allowPrivateAddresses: string;
  outgoing: Outgoing;
  outgoingAddress: string;
};
/** The proxies that this computer is set up with, none, or the one at an address. */
type Outgoing = "system" | "none" | "own";
export type Faults = Partial<Record<keyof Form, string>>;

const mebibyte = 1024 * 1024;

export function formOf(settings: Settings): Form {
  return {
    publicBaseUrl: settings.publicBaseUrl ?? "",
    maxBody: String(Math.round((settings.maxBodyBytes / mebibyte) * 100) / 100),
    retention: String(settings.retentionDays),
    retentionSize: String(settings.retentionMaxMegabytes),
    trustedProxies: settings.trustedProxies.join("\n"),
    proxyHeader: settings.proxyHeader,
    allowPrivateAddresses: settings.allowPrivateAddresses.join("\n"),
    outgoing: outgoingOf(settings.outgoingProxy),
    outgoingAddress:
      outgoingOf(settings.outgoingProxy) === "own" ? (settings.outgoingProxy ?? "") : "",
  };
}

export function faultsOf(form: Form): Faults {
  const { publicBaseUrl, maxBody, retention } = form;
  const faults: Faults = {};
  for (const name of ["trustedProxies", "allowPrivateAddresses"] as const) {
    const wrong = blocks(form[name]).find((block) => !isBlock(block));
    if (wrong !== undefined) faults[name] = words.notBlock(wrong);
  }
  if (publicBaseUrl.trim() !== "" && !isAddress(publicBaseUrl.trim())) {
    faults.publicBaseUrl = words.notUrl;
  }
  if (form.outgoing === "own" && !isProxy(form.outgoingAddress.trim())) {
    faults.outgoingAddress = words.outgoingWrong;
  }
  const size = Number(maxBody);
  if (!(size >= 0.01 && size <= 200)) faults.maxBody = words.maxBodyWrong;
  if (!/^[1-9]\d{0,4}$/.test(retention.trim())) faults.retention = words.retentionWrong;
  if (!/^[1-9]\d{2,7}$/.test(form.retentionSize.trim())) {
    faults.retentionSize = words.retentionSizeWrong;
  }
  return faults;
}

/** An empty address goes back to the default. */
export function requestOf(form: Form): Request<"settings_save"> {
  const address = form.publicBaseUrl.trim();
  const settings = {
    publicBaseUrl: address === "" ? null : address,
    maxBodyBytes: Math.round(Number(form.maxBody) * mebibyte),
    retentionDays: Number(form.retention),
    retentionMaxMegabytes: Number(form.retentionSize),
    trustedProxies: blocks(form.trustedProxies),
    proxyHeader: form.proxyHeader,
    allowPrivateAddresses: blocks(form.allowPrivateAddresses),
    outgoingProxy: outgoingSetting(form),
  };
  return { settings };
}

/** What the computer is set up with is the default. */
function outgoingSetting({ outgoing, outgoingAddress }: Form): string | null {
  if (outgoing === "system") return null;
  return outgoing === "own" ? outgoingAddress.trim() : outgoing;
}

function outgoingOf(setting: string | undefined): Outgoing {
  if (setting === undefined) return "system";
  return setting === "none" ? "none" : "own";
}

function blocks(text: string): string[] {
  return text.split(/[\s,]+/).filter((block) => block !== "");
}

/** Only roughly: the server knows what it takes. */
function isBlock(text: string): boolean {
  return /^[\d.]+(\/\d+)?$|^[\da-f:.]*:[\da-f:.]*(\/\d+)?$/i.test(text);
}

/** Scheme, host and port: a password has no place in the settings. */
function isProxy(text: string): boolean {
  if (!/^(https?|socks5h?):\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password, pathname, search, hash } = new URL(text);
  return username + password + search + hash === "" && (pathname === "" || pathname === "/");
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
