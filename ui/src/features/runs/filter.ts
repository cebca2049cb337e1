import type { RunStatus } from "../../api/bindings";
import type { Request } from "../../api/call";
import { runs as words } from "../../i18n/en";

/** What the address says: every view of the list can be linked to, and Back works. */
export type Filter = {
  status: string;
  workflow: string;
  search: string;
  time: Time;
};
export type Time = "any" | "hour" | "today" | "week";

const groups: Record<string, RunStatus[]> = {
  look: ["failed", "rejected", "held", "inDoubt"],
  going: ["queued", "running", "waiting", "inDoubt"],
};
const times = new Set<string>(["hour", "today", "week"]);

export function readFilter(params: URLSearchParams): Filter {
  const text = (name: string) => params.get(name) ?? "";
  const time = text("time");
  return {
    status: knownStatus(text("status")),
    workflow: text("workflow"),
    search: text("search"),
    time: times.has(time) ? (time as Time) : "any",
  };
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

/** What is looked for, whatever the page. `now` counts in whole minutes, so that a moving hour does not ask anew each second. */
export function asRequest(filter: Filter, now: number): Request<"run_list"> {
  const { status, workflow, search, time } = filter;
  const from = startOf(time, now);
  const statuses = groups[status] ?? (status === "" ? undefined : [status as RunStatus]);
  return {
    ...(statuses && { status: statuses }),
    ...(workflow !== "" && { workflowId: workflow }),
    ...(search !== "" && { search }),
    ...(from !== undefined && { from }),
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

export function isFiltered({ status, workflow, search, time }: Filter): boolean {
  return status !== "" || workflow !== "" || search !== "" || time !== "any";
}
