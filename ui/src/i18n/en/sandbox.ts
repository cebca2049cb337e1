import { formatNumber, plural } from "../format";
import type { FaultKind } from "../../features/sandbox/faultKinds";

const kinds: Record<FaultKind, { label: string; description: string }> = {
  delay: { label: "Slow", description: "Waits 5 seconds before it answers." },
  status: { label: "Out of order", description: "Answers 503: nothing is written." },
  tooManyRequests: { label: "Too busy", description: "Answers 429: come back in 5 seconds." },
  dropBeforeCommit: {
    label: "Line cut before writing",
    description: "Takes an insert and hangs up. Nothing is written.",
  },
  dropAfterCommit: {
    label: "Line cut after writing",
    description: "Writes the record and hangs up: the run is in doubt and looks it up.",
  },
  expireToken: { label: "Sign-in expired", description: "Answers 401: sign in again." },
};

export const sandbox = {
  kinds,
  title: "Sandbox",
  lead: "A built-in iMIS for trying things. Nothing here reaches your iMIS.",
  view: "View",
  members: "Members",
  faults: "Faults",
  search: "Search by ID, name or e-mail",
  found: (shown: number, total: number) =>
    shown < total
      ? `First ${formatNumber(shown)} of ${plural(total, "member")}`
      : plural(total, "member"),
  noneFound: "No such member",
  noneFoundLead: "Search for the beginning of an ID or e-mail address, or a part of a name.",
  pick: "Choose a member",
  pickLead: "Their activities and panel rows appear here. 12345 is the member of the tutorial.",
  openTutorial: "Open member 12345",
  gone: (id: string) => `The sandbox has no member ${id}.`,
  organization: "Organization",
  inactive: "Inactive",
  activities: "Activities",
  scrolls: (table: string) => `${table}, scrolls sideways`,
  noActivities: "No activity yet. Send a check-in and it appears here.",
  sendTest: "Send a test check-in",
  rows: (count: number) => plural(count, "record"),
  noPanels: "No panel has a row of this member.",
  off: "The sandbox is switched off",
  offLead: "The server was started without it, so there is nothing to show.",
  columns: {
    SEQN: "Key",
    ACTIVITY_TYPE: "Type",
    TRANSACTION_DATE: "Date",
    PRODUCT_CODE: "Product code",
    DESCRIPTION: "Description",
    SOURCE_SYSTEM: "Source",
    Ordinal: "Row",
  } as Record<string, string>,

  faultsLead:
    "Make the sandbox misbehave as a real iMIS does on a bad day, and watch what iHook makes of it.",
  noFaults: "Everything works. Add a fault to see what happens.",
  addFault: "Add a fault",
  fault: "What goes wrong",
  times: "How often",
  timesOptions: [
    { id: "1", label: "The next request" },
    { id: "3", label: "The next 3 requests" },
    { id: "10", label: "The next 10 requests" },
    { id: "all", label: "Until switched off" },
  ],
  on: "Switched on now",
  left: (count: number | null | undefined) =>
    count == null ? "until switched off" : `for the next ${plural(count, "request")}`,
  remove: "Switch off",
  removeAll: "Switch all off",
  unknownFault: "Another fault",
} as const;
