import type { Commands, Refusing, RunStatus } from "../../api/bindings";
import { formatNumber, plural } from "../format";

type Owner = Commands["failure_groups"]["response"]["groups"][number]["owner"];

const owners: Record<Owner, string> = {
  sender: "the sending app can mend this",
  imis: "whoever looks after iMIS can mend this",
  workflow: "you can mend this in the workflow",
  computer: "mend this on this computer",
};

export const dashboard = {
  none: "No workflow yet.",
  noneLead: "A workflow gives an outside system an address and says what to record in iMIS.",
  onlyReceiving: "The workflow is receiving.",
  bothReceiving: "Both workflows are receiving.",
  allReceiving: (count: number) => `All ${formatNumber(count)} workflows are receiving.`,
  someReceiving: (active: number, all: number) =>
    `${formatNumber(active)} of ${plural(all, "workflow")} ${active === 1 ? "is" : "are"} receiving.`,
  noneReceiving: "No workflow is receiving.",
  refusing: "Nothing is being received.",
  refused: "Every check-in is refused.",
  openSettings: "Open the settings",
  refuses: (name: string) => `${name} refuses every delivery with 503.`,
  whyRefuses: (why: Refusing) => {
    switch (why.kind) {
      case "noSecret":
        return "Its sender is to prove itself, and the secret to compare with was never set. Set it in the trigger.";
      case "secret":
        return `The secret that its sender proves itself with cannot be read: ${why.reason}.`;
      case "version":
        return "Its published version was written by another version of iHook, which this one does not understand. Open it and publish a version of today, or update iHook.";
    }
  },
  openWorkflow: "Open the workflow",
  butWait: (sentence: string, connections: string) =>
    `${sentence.replace(/\.$/, "")}, but runs for ${connections} wait.`,
  lastDelivery: "Last delivery",
  nothingYet: "Nothing has come in yet.",
  needLook: (count: number) =>
    count === 0
      ? "Nothing needs you."
      : `${plural(count, "run")} ${count === 1 ? "needs" : "need"} a look.`,
  turnedAway: (count: number) =>
    `${plural(count, "request")} ${count === 1 ? "was" : "were"} refused in the last day.`,
  refusedCount: "refused requests",
  refusedWith: (workflow: string, status: number) => `${workflow} answered ${status}`,
  refusedLast: "last",
  seeRefused: "See requests",
  seeRefusedOf: (workflow: string, status: number) =>
    `See requests that ${workflow} answered ${status}`,
  newWorkflow: "New workflow",
  tour: "Take the tour",
  firstTitle: "Nothing has come in yet",
  first:
    "Send a test check-in and watch it become an activity in the built-in sandbox, or give the workflow's address to the event app.",
  sendTest: "Send a test check-in",
  emptyTitle: "Start with a workflow",
  empty:
    "A workflow receives what an outside system sends, checks it, and records it in iMIS as an activity or a panel record.",
  open: "Open",
  test: "Test",
  openNamed: (name: string) => `Open ${name}`,
  testNamed: (name: string) => `Test ${name}`,
  moreOf: (name: string) => `More for ${name}`,
  runsOf: "All its runs",
  handoff: "Hand-off sheet for the vendor",
  pause: "Pause",
  resume: "Resume",
  resumeAndRun: (count: number) => `Resume and run ${formatNumber(count)}`,
  activate: "Activate",
  lastRuns: (name: string) => `Last runs of ${name}`,
  barLabel: (status: string, index: number, all: number) => `${status}, run ${index} of ${all}`,
  noRuns: "No run yet. Each delivery will be a bar here.",
  succeeded: "recorded today",
  failed: "failed",
  rejected: "rejected",
  waiting: "waiting",
  heldUntilResumed: "waiting, will run when resumed",
  last: "last",
  problems: (count: number) => plural(count, "problem"),
  unpublished: "Unpublished changes",
  moreWorkflows: "More workflows",
  chart: "Deliveries per minute",
  chartNote: (peak: number) => `last hour · peak ${formatNumber(peak)}`,
  chartLabel: (all: number, failed: number, peak: number, peakAt: string) =>
    `Deliveries per minute in the last hour: ${formatNumber(all)} in all, ${formatNumber(failed)} of them failed or rejected, at most ${formatNumber(peak)} in the minute from ${peakAt}.`,
  chartEmpty: "No delivery in the last hour.",
  chartEmptyLabel: "Deliveries per minute: none in the last hour.",
  received: "received",
  failedOrRejected: "failed or rejected",
  look: "Needs a look",
  lookNote: "grouped by cause",
  lookNone: "Nothing failed that somebody still has to look at.",
  mends: (owner: Owner) => owners[owner],
  seeRuns: "See runs",
  openLast: "Open the last one",
  seeRunsOf: (cause: string) => `See runs: ${cause}`,
  decide: "Decide",
  lookAt: "Look at it",
  mendAndRun: "Mend and run",
  seeConnections: "See the connections",
  actOn: (action: string, cause: string) => `${action}: ${cause}`,
  answersIn: "answers in",
  inTrouble: "cannot be used",
  count: (count: string, status: RunStatus) => `${count} ${status}`,
  wayOn: "Everything goes to the sandbox so far.",
  wayOnLead: "The guide leads to your own iMIS, step by step.",
  toGuide: "My first live workflow",
  confirmClock: "The date is right",
  locked: (connections: string) => `The passwords of ${connections} cannot be read.`,
  lockedLead: "Deliveries are taken all the same; their runs wait.",
  waits: (connection: string) => `Runs for ${connection} wait.`,
  seeConnection: "See the connection",
} as const;
