import { formatNumber, list, plural } from "../format";

export const connections = {
  title: (all: number, troubled: string[]) =>
    troubled.length === 0
      ? all === 1
        ? "The connection is ready."
        : all === 2
          ? "Both connections are ready."
          : `All ${formatNumber(all)} connections are ready.`
      : troubled.length === 1
        ? `${troubled[0] ?? ""} needs you.`
        : `${list(troubled)} need you.`,
  loading: "Connections",
  lead: "A connection is an iMIS site and the account that iHook uses there.",
  add: "Add a connection",
  list: "Connections",
  choose: "Choose a connection",
  chooseLead: "Its address, account and pace are shown here, with a test that says what works.",
  sandbox: "Built-in sandbox",
  ready: "Ready",
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
  passwordNote: "Goes to the secret store of this computer and is never shown again.",
  timeZone: "Time zone of the site",
  timeZoneNote: "Times with an offset are converted to it; a blank date means the day there.",
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
} as const;
