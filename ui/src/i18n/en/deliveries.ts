import { plural } from "../format";

/** What each answer means, for people. */
const meanings: Record<number, string> = {
  400: "no JSON, or nobody receives there",
  401: "wrong token, or not authenticated",
  403: "address not allowed",
  408: "the body did not come in time",
  413: "too large",
  415: "compressed",
  429: "too often",
};

export const deliveries = {
  title: "Refused requests",
  lead: "Requests that made no run: a wrong address, no JSON, too large, too often. The newest thousand are kept.",
  table: "Refused requests, newest first",
  answer: "Answer",
  anyAnswer: "Any answer",
  answers: Object.keys(meanings).map(Number),
  meaning: (status: number) => {
    const meaning = meanings[status];
    return meaning === undefined ? String(status) : `${status}: ${meaning}`;
  },
  reason: "Why",
  workflow: "Workflow",
  anyWorkflow: "All workflows",
  from: "From",
  received: "Received",
  unknown: "unknown",
  times: (count: number) => plural(count, "time"),
  timesNote: (count: number) =>
    `${plural(count, "request")} like this one came within a few seconds; they are told of together.`,
  released: "Run",
  notKept: (size: string) => `${size}, not kept`,
  noBody: "none",
  none: "Nothing was refused",
  noneLead: "A request that fits no workflow, or is no JSON, is listed here with the reason.",
  noneFound: "No refused request fits",
  noneFoundLead: "Choose another answer or workflow.",
  showAll: "Show all",
  older: "Older",
  newest: "Newest",
  all: "All refused requests",
  gone: "This request is not here. It may have been removed with age, or newer ones took its place.",

  head: (status: number, reason: string) => `Refused with ${status}: ${reason}`,
  answered: (status: number) => `Answered ${status}`,
  receivedAt: "received",
  fromAddress: "from",
  typed: (type: string) => `sent as ${type}`,
  body: "Body",
  bodyGone: "The body was not kept.",
  bodyNone: "The request had no body.",
  bodyBinary: (size: string) => `No text: ${size}, in base64`,
  bodyNoJson: "No JSON: the text as it came",
  headers: "Headers",
  headersNote: "Credentials and signatures are never kept.",
  request: "Request",

  runAsIs: "Run it as it is",
  mend: "Mend and run",
  write: "Write a payload and run it",
  editTitle: "Mend the payload and run it",
  editLead: "The refused request stays in the list and leads to the new run.",
  started: "A new run started.",
  wasReleased: "It was run later as",
  thisRun: "this run",
  many: {
    selected: (count: number) => `Run ${plural(count, "selected request")}`,
    all: "Run all that can be run",
    title: (count: number) => `Run ${plural(count, "refused request")}?`,
    confirm: (count: number) => `Run ${String(count)}`,
    lead: "Each body is read as its workflow reads it now and becomes a run. What cannot be read stays in the list and says why.",
    none: "None of them can be run: no body was kept, or each was run before.",
    done: (count: number) => `${plural(count, "run")} started.`,
    left: (count: number) => `${plural(count, "request")} could not be run`,
    reason: (reason: string, count: number) =>
      count > 1 ? `${reason} (${String(count)} times)` : reason,
    close: "Close",
  },
  noWorkflow: "It cannot be run here: its address names no workflow.",
} as const;
