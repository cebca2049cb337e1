import type { Connection, ConnectionKind, DateOrder } from "../../api/bindings";
import type { Request } from "../../api/call";
import { connections as words } from "../../i18n/en";

/** What the person typed, as text. */
export type Form = {
  name: string;
  baseUrl: string;
  username: string;
  password: string;
  timeZone: string;
  maxConcurrent: string;
  writesPerMinute: string;
  kind: SiteKind;
  dateOrder: DateChoice;
};
/** An order of day and month, or that of the time zone. */
export type DateChoice = DateOrder | "zone";
/** What a real site is for; only the built-in one is the sandbox. */
export type SiteKind = Exclude<ConnectionKind, "sandbox">;
export type Faults = Partial<Record<keyof Form, string>>;

export function formOf(connection: Connection | undefined): Form {
  const { writesPerMinute } = connection ?? {};
  return {
    name: connection?.name ?? "",
    baseUrl: connection?.baseUrl ?? "",
    username: connection?.username ?? "",
    password: "",
    timeZone: connection?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    maxConcurrent: String(connection?.maxConcurrent ?? 1),
    writesPerMinute: writesPerMinute === undefined ? "" : String(writesPerMinute),
    kind: connection?.kind === "test" ? "test" : "live",
    dateOrder: connection?.dateOrderChosen === true ? connection.dateOrder : "zone",
  };
}

/** Whether the password that is kept may be used: it belongs to the origin that it was entered for. */
export function keepsPassword(form: Form, connection: Connection | undefined): boolean {
  if (connection?.hasPassword !== true) return false;
  // Without an address that is what is missing.
  return form.baseUrl.trim() === "" || originOf(form.baseUrl) === originOf(connection.baseUrl);
}

/** As the server reads an address; the text itself where it is none, which the server refuses. */
function originOf(address: string): string {
  const text = address.trim();
  const url = text.includes("://") ? text : `https://${text}`;
  return URL.canParse(url) ? new URL(url).origin : text;
}

/** What keeps it from being saved. `taken`: names of other connections. */
export function faultsOf(form: Form, connection: Connection | undefined, taken: string[]): Faults {
  const faults: Faults = {};
  const name = form.name.trim();
  if (name === "") faults.name = words.missing;
  else if (taken.includes(name)) faults.name = words.nameTaken;
  if (form.baseUrl.trim() === "") faults.baseUrl = words.missing;
  if (form.username.trim() === "") faults.username = words.missing;
  if (form.password === "" && !keepsPassword(form, connection)) {
    faults.password = connection?.hasPassword === true ? words.passwordElsewhere : words.missing;
  }
  if (!isTimeZone(form.timeZone)) faults.timeZone = words.timeZoneUnknown;
  if (!isCount(form.maxConcurrent)) faults.maxConcurrent = words.wholeNumber;
  if (form.writesPerMinute !== "" && !isCount(form.writesPerMinute)) {
    faults.writesPerMinute = words.wholeNumber;
  }
  return faults;
}

/** The order in which dates are read, as far as it is known before the form is saved. */
export function orderOf(form: Form, connection: Connection | undefined): DateOrder | undefined {
  if (form.dateOrder !== "zone") return form.dateOrder;
  const isKnown = connection?.timeZone === form.timeZone && !connection.dateOrderChosen;
  return isKnown ? connection.dateOrder : undefined;
}

export function requestOf(form: Form): Request<"connection_save"> {
  return {
    name: form.name.trim(),
    baseUrl: form.baseUrl.trim(),
    username: form.username.trim(),
    timeZone: form.timeZone,
    kind: form.kind,
    dateOrder: form.dateOrder === "zone" ? null : form.dateOrder,
    maxConcurrent: Number(form.maxConcurrent),
    ...(form.password !== "" && { password: form.password }),
    ...(form.writesPerMinute !== "" && { writesPerMinute: Number(form.writesPerMinute) }),
  };
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,6}$/.test(text.trim());
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}

/** For suggestions; engines without the list get none and the field stays free. */
export function timeZones(): { id: string; label: string }[] {
  return Intl.supportedValuesOf("timeZone").map((id) => ({ id, label: id.replaceAll("_", " ") }));
}
