import type { Owner, RunStatus, StepErrorCode } from "../../api/bindings";
import { formatNumber, list, plural } from "../format";

/** What a failure means for the record, and who can fix it: every code that a step can end with. */
const advice = {
  schema:
    "Nothing was written. The sending app left something out or sent it in another form; ask its operator, or mend the payload here and run it again.",
  template:
    "Nothing was written by this step. A template in the workflow could not be worked out; mend it in the editor, then rerun.",
  emptyField:
    "Nothing was written. A field that iMIS needs came out empty; look at the payload, then at the field's template.",
  blankCriterion:
    "Nothing was looked up. A value to look for came out empty; ask the sending app, or allow it to be blank in the step.",
  unknownField:
    "Nothing was written. The workflow names a field that iMIS does not have; choose another one in the editor, then rerun.",
  tooLong:
    "Nothing was written. The value is longer than iMIS keeps; shorten it in the template, or ask the sending app.",
  wrongType:
    "Nothing was written. The value does not fit the field's type; mend the template, or ask the sending app.",
  badDate:
    "Nothing was written. The date cannot be read; ask the sending app, or mend the template.",
  unknownMember:
    "Nothing was written. The sending app sent this ID: ask its operator, or edit the payload and run it again.",
  panelUnknown:
    "Nothing was written. iMIS has no such panel; choose another one in the editor, or ask the iMIS administrator.",
  panelParent:
    "Nothing was written. The panel does not belong to members; choose another one in the editor, then rerun.",
  panelHasRow:
    "Nothing was written. The member has this record already, and iHook never changes an existing one.",
  refused:
    "Nothing was written. These are iMIS's own words; ask the iMIS administrator, or mend the workflow.",
  http: "The other system did not answer as expected. Rerun when it is well again.",
  notBuilt:
    "Nothing was sent. The address, path or header that came out cannot be used; fix its template in the editor, then rerun.",
  limits:
    "Nothing was written by this step. Something is too large for one run: ask for smaller deliveries or a narrower query, or give the loop fewer actions.",
  tooCostly:
    "Nothing was written. Checking this payload would take too long: simplify the schema, or ask the sending app for smaller deliveries.",
  loopItem:
    "Some items of the list failed; the others are done. A rerun does only what is missing.",
  gate: "The workflow was told to stop here and to call it a failure.",
  disabled: "An action is switched off and the workflow was told to fail then.",
  inDoubt: "iMIS did not answer. iHook looks by itself whether the record is there.",
  held: "A person has to decide. Look in iMIS whether the record is there before you run it again.",
} satisfies Record<StepErrorCode, string>;

/** The heading of the list when it shows some statuses only. */
const titles: Record<string, string> = {
  look: "Runs that need a look",
  going: "Runs on their way",
};

export const runs = {
  title: "Runs",
  titleOf: (filter: string, word: string | undefined) =>
    titles[filter] ?? (word === undefined ? "Runs" : `Runs: ${word.toLowerCase()}`),
  lead: "Every delivery, newest first.",
  leadOf: (workflow: string) => `Deliveries to ${workflow}, newest first.`,
  search: "Search, such as a member ID",
  found: (text: string) => `with “${text}” in the payload`,
  dropSearch: (text: string) => `Stop searching for ${text}`,
  status: "Status",
  anyStatus: "Any status",
  look: "Needs a look",
  going: "On their way",
  workflow: "Workflow",
  anyWorkflow: "All workflows",
  time: "Received",
  anyTime: "Any time",
  lastHour: "Last hour",
  today: "Today",
  lastWeek: "Last 7 days",
  table: "Runs, newest first",
  columns: {
    status: "Status",
    workflow: "Workflow",
    member: "Member",
    what: "What happened",
    received: "Received",
    took: "Took",
  },
  version: (version: number) => `v${version}`,
  recorded: "All steps done",
  rerunOf: "Rerun",
  triesAgain: "Tries again",
  view: "Show",
  views: { runs: "Runs", refused: "Refused requests" },
  upToDate: "Up to date",
  newRuns: (count: number, isMore: boolean) =>
    `${isMore ? "More than " : ""}${plural(count, "new run")}`,
  loadingOlder: "Older runs are coming…",
  lookingFurther: "Nothing among the newest runs. Looking at older ones…",
  csv: {
    id: "Run",
    version: "Version",
    started: "Started",
    finished: "Finished",
    took: "Took, ms",
    attempts: "Attempts",
    rerunOf: "Rerun of",
    code: "Code",
  },
  export: {
    button: "Export…",
    title: "Export for a spreadsheet",
    lead: (count: number | undefined) =>
      count === undefined
        ? "All runs that are found, one a line, as CSV."
        : `${plural(count, "run")}, one a line, as CSV.`,
    note: "Payloads are not in it. Text that a spreadsheet would take for a formula is marked as text.",
    save: "Save the file",
    going: (count: number) => `${plural(count, "run")} so far…`,
    done: (count: number, isAll: boolean) =>
      isAll
        ? `The newest ${plural(count, "run")} saved; a spreadsheet takes no more.`
        : `${plural(count, "run")} saved.`,
    file: (at: Date) => `runs-${at.toISOString().slice(0, 16).replaceAll(/[:T]/g, "-")}.csv`,
  },
  saved: {
    label: "Views",
    builtIn: [
      { name: "All runs", query: "" },
      { name: "Needs a look", query: "status=look" },
      { name: "Failed today", query: "status=failed&time=today" },
      { name: "On their way", query: "status=going" },
    ],
    save: "Save this view…",
    drop: (name: string) => `Forget “${name}”`,
    title: "Save this view",
    name: "Name",
    note: "Its filters and search are kept on this computer.",
    missing: "Give it a name.",
    confirm: "Save",
  },
  none: "No run yet",
  noneLead: "Each delivery to a workflow's address becomes a run here. Send a test to see one.",
  sendTest: "Send a test",
  noneFound: "No run matches",
  noneFoundLead: "Search finds a whole value in the payload or its beginning, such as a member ID.",
  showAll: "Show all runs",
  selected: (count: number) => `${plural(count, "run")} selected`,
  rerunSelected: (count: number) => `Rerun ${formatNumber(count)}…`,
  rerunFound: "Rerun all found…",
  moreFound: "More for all found",
  groupOf: (cause: string) => `only: ${cause}`,
  groupOnly: "only this group",
  dropGroup: (text: string) => `Stop showing ${text}`,
  cancelMany: {
    button: (count: number) => `Cancel ${formatNumber(count)}…`,
    found: "Cancel all found…",
    title: (count: number | undefined) =>
      count === undefined ? "Cancel all found?" : `Cancel ${plural(count, "run")}?`,
    will: (count: number) => `${plural(count, "run")} will be cancelled.`,
    underWay: (count: number) =>
      `${plural(count, "run")} ${count === 1 ? "is" : "are"} under way and ${count === 1 ? "goes" : "go"} on: a request may be on its way to iMIS.`,
    ended: (count: number) =>
      `${plural(count, "run")} ${count === 1 ? "has" : "have"} ended already.`,
    confirm: "Cancel them",
    done: (count: number) => `${plural(count, "run")} cancelled.`,
  },
  clearSelection: "Clear selection",

  rerun: {
    title: (count: number | undefined) =>
      count === undefined ? "Rerun all found" : `Rerun ${plural(count, "run")}`,
    version: "With which version",
    current: "Published now",
    original: "As it was then",
    from: "Starting",
    start: "At the first step",
    failed: "At the step that failed",
    willWrite: (count: number) => `${plural(count, "record")} will be sent to iMIS.`,
    alreadyWritten: (count: number) =>
      `${plural(count, "record")} ${count === 1 ? "is" : "are"} written already; nothing is written twice.`,
    needLook: (count: number) =>
      `${count} ${count === 1 ? "needs" : "need"} a look by a person first.`,
    willFail: (count: number) => `${plural(count, "rerun")} will fail as things stand.`,
    wasRefused: (count: number) =>
      `iMIS refused ${count === 1 ? "it" : `${count} of them`} the last time, and will again unless that was mended there.`,
    nothing: "Nothing will be sent to iMIS.",
    left: (count: number) => `${plural(count, "run")} left alone`,
    note: "The payload and its time stay as they were. What was written already is not written again.",
    confirm: "Rerun",
    done: (count: number) => `${plural(count, "rerun")} started.`,
    open: "Open",
  },

  /** The run page's heading. */
  head: {
    failedAt: (step: number, steps: number, message: string) =>
      `Failed at step ${step} of ${steps}: ${message}`,
    failed: (message: string) => `Failed: ${message}`,
    rejected: (message: string) => `Refused with 400: ${message}`,
    succeeded: (steps: number) =>
      steps === 1 ? "Done: the step succeeded" : `Done: all ${steps} steps succeeded`,
    succeededEarly: (step: number, steps: number) =>
      `Done after ${step} of ${steps} steps; the workflow passes over the others`,
    stopped: (step: number, steps: number) =>
      `Stopped by a gate at step ${step} of ${steps}, as the workflow says`,
    queued: "Waiting for its turn",
    queuedPaused: "Waiting until the workflow is resumed",
    running: "Running now",
    waiting: (reason: string) => `Will try again: ${reason}`,
    waitingPlain: "Will try again",
    inDoubt: "iMIS did not answer; looking whether the record is there",
    held: (message: string) => `Needs you: ${message}`,
    heldPlain: "Needs you: it is not certain whether the record was written",
    cancelled: "Cancelled",
    unknown: "the reason was not kept",
  },
  from: "from",
  took: (span: string) => `took ${span}`,
  received: "received",
  nextTry: "next try",
  nextLook: "looks again",
  repeats: "Rerun of an earlier run",
  repeatedBy: (count: number) => (count === 1 ? "Run again as" : "Run again, last as"),
  thisRun: "this run",
  stepsLabel: "Steps",
  repeatedNote: "Received with the earlier run; run again here.",
  receivedStep: {
    repeated: "Payload of an earlier run",
    accepted: "Received and accepted",
    rejected: "Received and refused with 400",
  },
  receivedNote: (size: string | undefined) =>
    size === undefined ? "On disk before the answer." : `${size}, on disk before the answer.`,
  keptNote: "Kept here, so that it can be mended and run.",
  payload: "Payload",
  metadata: "Request",
  payloadGone: "The payload was removed with age.",
  payloadErased: "What was received, sent and answered was erased at someone's request.",
  erased: (when: string) => `Content erased ${when}`,
  show: "Show",
  hide: "Hide",
  showOf: (step: string) => `What ${step} did`,
  details: "Details",
  before: "Before",
  after: "After",
  exchange: "Request and answer",
  result: "Result",
  noExchange: "This step asked nothing of another system.",
  noAnswer: "No answer came.",
  noBody: "Without a body",
  headers: "Headers",
  answered: (status: number, span: string) => `${status} · ${span}`,
  notReached: "not reached",
  item: (item: number) => `item ${item + 1}`,
  attempts: (count: number) => `tried ${formatNumber(count)} times`,
  recordKey: (key: string) => `Recorded in iMIS as ${key}.`,
  nothingWritten: "Nothing was written.",
  mendPayload: "Correct the payload…",
  /** None for a code that only an earlier version knew. */
  advice: (code: StepErrorCode): string | undefined => (advice as Partial<typeof advice>)[code],
  code: (code: string) => `Code: ${code}`,
  violations: (count: number) =>
    `The payload is not as described in ${formatNumber(count)} places.`,
  andMore: (count: number) => `And ${formatNumber(count)} more.`,
  violation: (path: string, keyword: string) => `${path === "" ? "/" : path} · ${keyword}`,
  stepSaid: {
    jsonSchemaValidation: "The payload is as described.",
    insertActivity: "The activity is in iMIS.",
    insertPanelRecord: "The panel record is in iMIS.",
    gate: "Went on.",
    httpRequest: "The other system answered.",
    imisGet: "iMIS answered.",
    alreadyRecorded: "Looked for a like record.",
    forEach: "The list was worked through.",
    notify: "The notice was shown.",
  } as Record<string, string>,
  stepTitles: {
    jsonSchemaValidation: "JSON Schema Validation",
    insertActivity: "Insert Activity",
    insertPanelRecord: "Insert Panel Record",
    gate: "Gate",
    httpRequest: "HTTP Request",
    imisGet: "iMIS Get",
    alreadyRecorded: "Already Recorded",
    forEach: "For Each",
    notify: "Notify",
  } as Record<string, string>,
  carriedNote: "Done by the run that this one repeats; not done again.",
  skippedNote: "Switched off or passed over.",

  owner: {
    sender: "The sending app can mend this",
    imis: "Whoever looks after iMIS can mend this",
    workflow: "You can mend this in the workflow",
    computer: "Mend this on this computer",
  } as Record<Owner, string>,
  openConnections: "Open the connections",
  suggest: {
    button: "Suggest members",
    none: (searches: string[]) => `No member fits ${list(searches, "or")}.`,
    use: (name: string, id: string, sameMail: boolean) =>
      `${name} · ${id}${sameMail ? " · same e-mail" : ""}`,
  },
  sides: {
    sent: "What was sent",
    there: "What iMIS has at this member now",
    nothing: (member: string) => `Nothing is recorded at member ${member}.`,
    record: (key: string, same: number, all: number) =>
      `${key === "" ? "A record" : `Record ${key}`}: ${same} of ${all} values the same`,
    same: "(the same)",
  },
  loop: {
    title: (done: number, all: number) => `${done} of ${plural(all, "item")} done`,
    failed: (count: number) => `${plural(count, "item")} not done`,
    show: "Show all items",
  },
  keep: {
    button: "Keep as a test case…",
    title: "Keep as a test case",
    lead: "The payload and how this run ended become a scenario of the workflow; the sender's “All scenarios” tries it again.",
    name: "Name",
    missing: "Give it a name.",
    suggested: (status: string, when: string) => `${status}, ${when}`,
    confirm: "Keep",
    done: (name: string) => `“${name}” is kept with the workflow.`,
    open: "Open the sender",
  },

  resolve: {
    title: "It is not certain whether iMIS has this record.",
    looking:
      "The record may be there. iHook looks it up by itself and goes on; there is nothing to do yet.",
    lead: "Look at the member in iMIS: what was sent is below. Then say what you found.",
    written: "The record is there",
    notWritten: "The record is not there",
    writtenLead: "The step counts as done and the run goes on after it. Nothing is sent for it.",
    notWrittenLead:
      "The record is sent to iMIS again. If it is there after all, the member has it twice.",
    key: "Number of the record in iMIS",
    keyNote: "Not needed; with it the record can be found and undone from here.",
    goOn: "Go on",
    sendAgain: "Send again",
  },
  undo: {
    button: "Undo in iMIS…",
    title: (key: string) => `Delete record ${key} in iMIS?`,
    lead: "The record is deleted at the member. The run stays as it was and says that it was undone.",
    reason: "Reason",
    reasonHint: "kept in the list of changes",
    reasonMissing: "Say why: the list of changes keeps it.",
    confirm: "Delete in iMIS",
    done: (when: string) => `Recorded, then deleted again ${when}.`,
  },
  retryNow: "Try again now",

  rerunButton: "Rerun",
  rerunFromStep: (step: number) => `Rerun from step ${step}`,
  rerunStart: "Rerun from the start",
  editAndRerun: "Edit and rerun",
  release: "Run it as it is",
  copyCurl: "Copy as curl",
  curlCopied: "Copied. Put the token of the URL in place of the …",
  cancel: "Cancel run",
  cancelTitle: "Cancel this run?",
  cancelText:
    "What was not written yet will not be written. The payload stays here and can be run again.",
  more: "More for this run",
  openWorkflow: "Open the workflow",
  sameWorkflow: "Runs of this workflow",
  edit: {
    title: "Edit the payload and run it",
    lead: "The run you came from stays as it was; this makes a new one with the published version.",
    payload: "Payload",
    run: "Run",
    again: "Run it again",
    notObject: "The payload must be a JSON object: { … }.",
    notJson: (fault: string) => `This is not JSON: ${fault}`,
    wanted: "What the workflow expects",
    present: "is there",
    absent: "is missing",
    optional: "may be missing",
    noSchema: "The workflow takes any object: it has no schema.",
  },
  started: "A new run started.",
  gone: "This run is not here. It may have been removed with age.",
  all: "All runs",
  statuses: [
    "succeeded",
    "failed",
    "rejected",
    "waiting",
    "queued",
    "running",
    "held",
    "inDoubt",
    "stopped",
    "cancelled",
  ] as RunStatus[],
} as const;
