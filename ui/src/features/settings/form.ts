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
};
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
  };
  return { settings };
}

function blocks(text: string): string[] {
  return text.split(/[\s,]+/).filter((block) => block !== "");
}

/** Only roughly: the server knows what it takes. */
function isBlock(text: string): boolean {
  return /^[\d.]+(\/\d+)?$|^[\da-f:.]*:[\da-f:.]*(\/\d+)?$/i.test(text);
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
