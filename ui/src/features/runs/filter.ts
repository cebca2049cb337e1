import type { RunStatus } from "../../api/bindings";
import type { Request } from "../../api/call";
import { runs as words } from "../../i18n/en";

/** What the address says: every view of the list can be linked to, and Back works. */
export type Filter = {
  status: string;
  workflow: string;
  search: string;
  time: Time;
  /** The code of the error that the runs failed for. */
  cause: string;
  /** "yes": without those that were run again. */
  last: string;
  /** Times as the dashboard gives them; `time` goes before. */
  from: string;
  to: string;
};
export type Time = "any" | "hour" | "today" | "week";

const groups: Record<string, RunStatus[]> = {
  look: ["failed", "rejected", "held", "inDoubt"],
  going: ["queued", "running", "waiting", "inDoubt"],
};
const times = new Set<string>(["hour", "today", "week"]);

export function readFilter(params: URLSearchParams): Filter {
  const text = (name: string) => params.get(name) ?? "";
  const moment = (name: string) => (Number.isNaN(Date.parse(text(name))) ? "" : text(name));
  const time = text("time");
  return {
    status: knownStatus(text("status")),
    workflow: text("workflow"),
    search: text("search"),
    time: times.has(time) ? (time as Time) : "any",
    cause: text("cause"),
    last: text("last") === "yes" ? "yes" : "",
    from: moment("from"),
    to: moment("to"),
  };
}

/** Without what only a group of failures asks for. */
export const noGroup = { cause: "", last: "", from: "", to: "" };

export function isGroup({ cause, last, from, to }: Filter): boolean {
  return [cause, last, from, to].some((part) => part !== "");
}

function knownStatus(text: string): string {
  return text in groups || (words.statuses as readonly string[]).includes(text) ? text : "";
}

/** The address of a filter. */
export function writeFilter(filter: Filter): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== "" && value !== "any") params.set(name, value);
  }
  return params;
}

/** What is looked for, whatever the page. `now` counts in whole minutes: a moving hour does not ask anew each second. */
export function asRequest(filter: Filter, now: number): Request<"run_list"> {
  const { status, workflow, search, time, cause, last, to } = filter;
  const from = startOf(time, now) ?? filter.from;
  const statuses = groups[status] ?? (status === "" ? undefined : [status as RunStatus]);
  return {
    ...(statuses && { status: statuses }),
    ...(workflow !== "" && { workflowId: workflow }),
    ...(search !== "" && { search }),
    ...(cause !== "" && { errorCode: cause }),
    ...(last !== "" && { notRerun: true }),
    ...(from !== "" && { from }),
    ...(to !== "" && { to }),
  };
}

function startOf(time: Time, now: number): string | undefined {
  const minute = Math.floor(now / 60_000) * 60_000;
  if (time === "any") return undefined;
  if (time === "hour") return new Date(minute - 3_600_000).toISOString();
  const day = new Date(minute);
  day.setHours(0, 0, 0, 0);
  if (time === "week") day.setDate(day.getDate() - 6);
  return day.toISOString();
}

export function isFiltered(filter: Filter): boolean {
  return writeFilter(filter).size > 0;
}
