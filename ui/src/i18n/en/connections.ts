import type { DateOrder } from "../../api/bindings";
import { formatNumber, list, plural } from "../format";

export const connections = {
  title: (all: number, { troubled, unasked }: { troubled: string[]; unasked: string[] }) => {
    if (troubled.length > 0)
      return `${list(troubled)} ${troubled.length === 1 ? "needs" : "need"} you.`;
    if (unasked.length > 0) {
      return `${list(unasked)} ${unasked.length === 1 ? "was" : "were"} not asked yet.`;
    }
    if (all === 1) return "The connection is ready.";
    return all === 2
      ? "Both connections are ready."
      : `All ${formatNumber(all)} connections are ready.`;
  },
  loading: "Connections",
  lead: "A connection is an iMIS site and the account that iHook uses there.",
  add: "Add a connection",
  list: "Connections",
  choose: "Choose a connection",
  chooseLead: "Its address, account and pace are shown here, with a test that says what works.",
  sandbox: "Built-in sandbox",
  ready: "Ready",
  unasked: "Not asked yet",
  trouble: "Needs you",
  testedBad: "Test failed",
  noPassword: "No password",
  newTitle: "New connection",
  sandboxNote:
    "The sandbox answers like iMIS but keeps its records on this computer. Its account is fixed; try everything on it.",
  name: "Name",
  nameHint: "workflows name it",
  nameTaken: "There is a connection of this name already.",
  kind: "What it is for",
  kinds: { live: "Live: records count", test: "Test: records may go" },
  kindNote: "Shown wherever a workflow writes; tests ask before they write to a live site.",
  baseUrl: "Address of the iMIS site",
  baseUrlNote: "As in the browser's address bar, such as https://imis.example.org/",
  username: "Account",
  usernameNote: "An iMIS account that may use the REST API and insert records.",
  password: "Password",
  passwordKept: "kept; leave empty to keep it",
  passwordElsewhere: "Enter the password again: it belongs to the address before.",
  passwordNote: "Goes to the secret store of this computer and is never shown again.",
  timeZone: "Time zone of the site",
  timeZoneNote: "Times with an offset are converted to it; a blank date means the day there.",
  dateOrder: "Dates with slashes",
  dateOrders: { zone: "As usual in the time zone", "m/d": "Month first", "d/m": "Day first" },
  dateOrderNote: (order: DateOrder | undefined) => {
    const unfit = "A date that fits only the other order fails.";
    if (order === undefined) return unfit;
    return `03/04/2026 is ${order === "m/d" ? "March 4" : "April 3"} here. ${unfit}`;
  },
  timeZoneUnknown: "There is no such time zone. Choose one from the list.",
  maxConcurrent: "Requests at once",
  maxConcurrentNote: "1 for a real site: iMIS asks for single-threaded jobs.",
  writesPerMinute: "Records a minute at most",
  writesPerMinuteNote: "Empty for no limit.",
  required: "required",
  missing: "Fill this in.",
  wholeNumber: "A whole number from 1.",
  save: "Save",
  saveAndTest: "Save and test",
  test: "Test",
  discard: "Discard changes",
  cancel: "Cancel",
  saved: (name: string) => `${name} is saved.`,
  testTitle: "Test",
  testNote:
    "Asks iMIS for the account, a member, the activity types and the panels. Writes nothing.",
  testOk: "Everything works.",
  testFailed: "Something does not work yet.",
  passed: "Works",
  notPassed: "Does not work",
  has: "What the site has",
  hasNote: "Asked once and kept, so that the editor works offline.",
  activityTypes: (count: number) => plural(count, "activity type"),
  panels: (count: number) => plural(count, "panel"),
  fetched: "asked",
  refresh: "Ask again",
  passwordLocked: "Its password cannot be read.",
  passwordLockedLead: "Deliveries are taken all the same; their runs wait.",
  delete: {
    title: "Delete",
    button: "Delete this connection…",
    inUse: (count: number) =>
      `${plural(count, "workflow")} ${count === 1 ? "writes" : "write"} there. Choose another connection in ${count === 1 ? "it" : "them"} first:`,
    unused: "No workflow writes there. Runs of the past stay as they are.",
    ask: (name: string) => `Delete the connection ${name}?`,
    text: "Its address and password are forgotten. Records in iMIS stay, but they cannot be undone from here any more.",
    confirm: "Delete",
    done: (name: string) => `${name} is deleted.`,
  },
  secrets: {
    title: "Secrets for other systems",
    entryNote: "for headers of HTTP requests",
    note: "never shown again",
    name: "Name",
    nameNote: "Workflows write {{ secret.name }} in a header.",
    nameWrong: "Letters, digits and _ only.",
    value: "Value",
    valueNote: "Goes to the secret store of this computer.",
    state: "Value",
    isSet: "Kept",
    isMissing: "Missing",
    usedBy: "Asked for by",
    unused: "no workflow",
    none: "There is none, and no workflow asks for one.",
    locked: "Secrets cannot be read.",
    set: "Keep a secret",
    keep: "Keep secret",
    kept: (name: string) => `The secret ${name} is kept.`,
    forget: "Forget",
    forgetNamed: (name: string) => `Forget ${name}`,
    forgetTitle: (name: string) => `Forget the secret ${name}?`,
    forgetText: "It cannot be read back; to use it again it must be typed again.",
    stillUsed: (names: string) => `Still asked for by ${names}: its requests will fail.`,
    forgotten: (name: string) => `The secret ${name} is forgotten.`,
  },
} as const;
