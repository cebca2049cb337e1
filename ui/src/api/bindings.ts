// Generated from the command table in src-tauri/crates/ihook-app by a test, which writes it anew when
// it is out of date.

export type DateOrder = "m/d" | "d/m";
export type ConnectionKind = "sandbox" | "test" | "live";
export type WorkflowStatus = "draft" | "active" | "paused" | "disabled" | "archived";
export type RunStatus = "queued" | "running" | "waiting" | "inDoubt" | "held" | "succeeded" | "failed" | "rejected" | "stopped" | "cancelled";
export type StepStatus = "running" | "waiting" | "inDoubt" | "held" | "succeeded" | "failed" | "skipped" | "carried";
export type Owner = "sender" | "imis" | "workflow" | "computer";
export type StepErrorCode = "schema" | "unknownMember" | "emptyField" | "blankCriterion" | "badDate" | "wrongType" | "tooLong" | "template" | "limits" | "tooCostly" | "loopItem" | "unknownField" | "gate" | "disabled" | "panelUnknown" | "panelParent" | "panelHasRow" | "refused" | "notBuilt" | "http" | "inDoubt" | "held";

/** Who can fix what a code stands for. */
export const owners: Record<StepErrorCode, Owner> = {
  schema: "sender",
  unknownMember: "sender",
  emptyField: "sender",
  blankCriterion: "sender",
  badDate: "sender",
  wrongType: "sender",
  tooLong: "sender",
  template: "workflow",
  limits: "workflow",
  tooCostly: "workflow",
  loopItem: "workflow",
  unknownField: "workflow",
  gate: "workflow",
  disabled: "workflow",
  panelUnknown: "imis",
  panelParent: "workflow",
  panelHasRow: "imis",
  refused: "imis",
  notBuilt: "workflow",
  http: "computer",
  inDoubt: "imis",
  held: "workflow",
};

export const signatureSchemes = [
  { id: "standardWebhooks", usedAs: "standardWebhooks", hasTime: true, toleranceSeconds: 300 },
  { id: "svix", usedAs: "standardWebhooks", hasTime: true, toleranceSeconds: 300 },
  { id: "github", usedAs: "signature", hasTime: false, toleranceSeconds: null },
  { id: "stripe", usedAs: "signature", hasTime: true, toleranceSeconds: null },
  { id: "zoom", usedAs: "signature", hasTime: true, toleranceSeconds: null },
  { id: "swapcard", usedAs: "signature", hasTime: false, toleranceSeconds: null },
  { id: "custom", usedAs: "signature", hasTime: true, toleranceSeconds: null },
] as const;
export const handshakes = [
  "cvent",
  "zoom",
  "graph",
  "cloudevents",
  "hookSecret",
  "challenge",
] as const;

/** The reads that an event of a topic makes stale. Query keys are `[command, request]`. */
export const reads = {
  runs: [
    "workflow_list",
    "run_list",
    "run_get",
    "run_rerun",
    "run_cancel_many",
    "delivery_release_many",
    "member_get",
    "stats",
    "failure_groups",
  ],
  deliveries: [
    "delivery_list",
    "delivery_groups",
    "delivery_get",
    "delivery_release_many",
    "audit_list",
  ],
  workflows: [
    "workflow_list",
    "workflow_get",
    "workflow_check",
    "standing",
    "workflow_url",
    "workflow_secret",
    "delivery_groups",
    "secret_list",
    "audit_list",
  ],
  connections: [
    "connection_list",
    "connection_metadata",
    "audit_list",
  ],
  settings: [
    "app_info",
    "standing",
    "secret_list",
    "secrets_kept",
    "settings_get",
    "audit_list",
    "database_health",
  ],
} as const satisfies Record<string, (keyof Commands)[]>;
/** Reads about the thing that the request's `id` names: only events about that thing concern them. */
export const readsOne: ReadonlySet<string> = new Set<keyof Commands>([
    "workflow_get",
    "workflow_check",
    "workflow_url",
    "workflow_secret",
    "run_get",
]);
/** The topics that a write changes. */
export const changes: Partial<Record<keyof Commands, (keyof typeof reads)[]>> = {
  workflow_import: [
    "workflows",
  ],
  workflow_save: [
    "workflows",
  ],
  workflow_restore: [
    "workflows",
  ],
  workflow_set_status: [
    "workflows",
    "runs",
  ],
  pause_all: [
    "workflows",
    "runs",
  ],
  workflow_regenerate_url: [
    "workflows",
  ],
  workflow_secret_remove: [
    "workflows",
  ],
  workflow_set_secret: [
    "workflows",
  ],
  workflow_delete: [
    "workflows",
    "runs",
  ],
  run_rerun: [
    "runs",
  ],
  run_cancel: [
    "runs",
  ],
  run_cancel_many: [
    "runs",
  ],
  run_resolve: [
    "runs",
  ],
  run_retry_now: [
    "runs",
  ],
  run_undo: [
    "runs",
  ],
  run_release: [
    "runs",
  ],
  delivery_release: [
    "deliveries",
    "runs",
  ],
  delivery_release_many: [
    "deliveries",
    "runs",
  ],
  connection_save: [
    "connections",
    "workflows",
  ],
  connection_delete: [
    "connections",
    "workflows",
  ],
  connection_test: [
    "connections",
  ],
  sender_send: [
    "runs",
  ],
  sender_batch: [
    "runs",
  ],
  sample_remove: [
    "workflows",
    "runs",
    "deliveries",
  ],
  secrets_retry: [
    "connections",
    "runs",
    "settings",
  ],
  secrets_move: [
    "settings",
    "connections",
  ],
  secret_set: [
    "settings",
  ],
  settings_save: [
    "settings",
  ],
  backup: [
    "settings",
  ],
  restore: [
    "runs",
    "deliveries",
    "workflows",
    "connections",
    "settings",
  ],
  clock_confirm: [
    "settings",
  ],
  member_erase: [
    "runs",
    "deliveries",
    "settings",
  ],
};

export type ActionPreview = {
  /** An object, or its JSON as text; need be neither saved nor complete. */
  file: unknown,
  /** The action, also one within a loop: that sees the first item. */
  actionId: string,
  /** A run: its payload, metadata and outputs, and the time of its delivery. */
  runId?: string,
  /** A JSON object in place of the run's payload, or without a run. */
  payload?: unknown, };
export type ActionPreviewed = {
  /** In the order of the file. */
  fields: Array<PreviewField>,
  /** Why a JSON Schema Validation would fail; other actions are judged by their fields. */
  error?: StepError, };
export type ActivityType = {
  /** As records carry it. */
  code: string,
  /** In words. */
  description: string,
  /** The fields it uses; empty where the site does not tell. */
  fields?: Array<TypeField>, };
export type AppEvent = {
  /** What changed. */
  topic: Topic,
  /** Which one. */
  id?: string,
  /** With the topic `notice`. */
  notice?: Notice, };
export type AppInfo = {
  /** Its version. */
  version: string,
  /** Where hooks are received on this computer. */
  hooks: string,
  /** Where senders reach it. */
  publicBaseUrl?: string,
  /** Where the sandbox listens. */
  sandbox?: string,
  /** Where its data lies. */
  dataDir: string,
  /** Why every delivery is refused now; it stands among the notices too. */
  notReceiving?: string,
  /** Why nothing old is removed, until somebody confirms the computer's clock; it stands among the notices too. */
  clockAhead?: string,
  /** What staff should know. */
  notices: Array<string>, };
export type AuditEntry = {
  /** When. */
  at: string,
  /** The command. */
  action: string,
  /** To what. */
  subject: string,
  /** In words. */
  detail: string, };
export type AuditList = {
  /** One page. */
  entries: Array<AuditEntry>,
  /** Give it as `after` for the next page; missing on the last. */
  next?: string, };
export type BackupMade = {
  /** Where it is. */
  path: string,
  /** Its size. */
  bytes: number, };
export type BackupRequest = {
  /** A file that is not there yet, with its full path. */
  path: string, };
export type BatchAnswer = {
  /** The status code; 0 when there was no answer. */
  status: number,
  /** From sending to the last byte. */
  ms: number,
  /** The run it made. */
  runId?: string,
  /** Why there was no answer. */
  fault?: string, };
export type Bucket = "minute" | "hour" | "day";
export type BucketCounts = {
  /** Its beginning. */
  at: string,
  /** Deliveries stored. */
  received: number,
  /** Runs that ended well. */
  succeeded: number,
  /** Runs that failed. */
  failed: number,
  /** Deliveries refused. */
  rejected: number, };
export type ById = {
  /** Its id. */
  id: string, };
export type ByName = {
  /** Its name. */
  name: string, };
export type Change = {
  /** JSON pointer into the file. */
  path: string,
  /** As it was. */
  from: string,
  /** As it is now. */
  to: string, };
export type Check = {
  /** What was checked. */
  name: string,
  /** Whether it went well. */
  ok: boolean,
  /** What was found, and what to do. */
  message: string, };
export type Choice = {
  /** As it is stored. */
  value: string,
  /** As staff see it. */
  label: string, };
export type Column = {
  /** Its property name. */
  name: string,
  /** Its label. */
  caption?: string,
  /** `string`, `integer`, `decimal`, `monetary`, `boolean`, `dateTime`, `date`, `time`, `guid`, `binary`. */
  type: string,
  /** In characters. */
  maxLength?: number,
  /** Whether iMIS insists on it. */
  required: boolean,
  /** Whether iMIS fills it. */
  readOnly: boolean,
  /** Whether it is part of the key. */
  identity?: boolean,
  /** Digits in all, of a decimal. */
  precision?: number,
  /** Digits after the point, of a decimal. */
  scale?: number,
  /** Other names that a workflow may use. */
  aliases?: Array<string>,
  /** What iMIS offers for it. */
  values?: Array<Choice>, };
export type Connection = {
  /** Unique; workflows name it. */
  name: string,
  /** The API root. */
  baseUrl: string,
  /** The account. */
  username: string,
  /** IANA name. */
  timeZone: string,
  /** Which of day and month comes first where a date has slashes. */
  dateOrder: DateOrder,
  /** Whether that was chosen; else it is what is usual in the time zone. */
  dateOrderChosen: boolean,
  /** Requests under way at once. */
  maxConcurrent: number,
  /** Inserts in any 60 s. */
  writesPerMinute?: number,
  /** What it leads to: shown wherever a workflow writes. */
  kind: ConnectionKind,
  /** Whether it is the built-in one. */
  sandbox: boolean,
  /** Whether a password is kept. */
  hasPassword: boolean,
  /** Why the password cannot be read now, and what to do; `hasPassword` tells nothing then. */
  passwordTrouble?: string,
  /** Why nothing goes out, when nothing does. */
  trouble?: string,
  /** Whether the site has answered at this address: in a test, or to a record since the program started. */
  hasAnswered: boolean,
  /** How long the last insert took to be answered, in milliseconds, since the program started. */
  answeredInMs?: number,
  /** What to think about. */
  warnings: Array<string>, };
export type ConnectionList = {
  /** By name. */
  connections: Array<Connection>, };
export type ConnectionSave = {
  /** Unique. */
  name: string,
  /** In any of the forms that iMIS sites have. */
  baseUrl: string,
  /** The account. */
  username: string,
  /** Kept in the secret store; the one kept stays when not given. */
  password?: string,
  /** IANA name; this computer's when not given. */
  timeZone?: string,
  /** Which of day and month comes first where a date has slashes. As before when not given; where it never was given, or is `null`, as is usual in the time zone. */
  dateOrder?: DateOrder | null,
  /** 1 when not given, as iMIS asks for single-threaded jobs. */
  maxConcurrent?: number,
  /** No cap when not given. */
  writesPerMinute?: number,
  /** What it leads to; as before when not given, and `live` for a new one. */
  kind?: ConnectionKind, };
export type ConnectionSaved = {
  /** As it is now. */
  connection: Connection, };
export type ConnectionTested = {
  /** Whether everything that is needed works. */
  ok: boolean,
  /** In the order in which they were made. */
  checks: Array<Check>, };
export type CopyKind = "beforeUpdate" | "replaced";
export type Counts = {
  /** Deliveries stored, rejected ones among them. */
  received: number,
  /** Runs that ended well. */
  succeeded: number,
  /** Runs that failed. */
  failed: number,
  /** Deliveries refused by the leading schema check. */
  rejected: number, };
export type DatabaseCopy = {
  /** Where it lies. */
  path: string,
  /** Why it was made. */
  kind: CopyKind,
  /** Its size. */
  bytes: number,
  /** When it was written. */
  at: string, };
export type DatabaseHealth = {
  /** The schema's number. */
  schema: number,
  /** Of the database file. */
  fileBytes: number,
  /** Of its write-ahead log. */
  logBytes: number,
  /** Of the file, what holds something. */
  usedBytes: number,
  /** Of the file, what was freed and goes back to the disk. */
  freeBytes: number,
  /** Runs stored. */
  runs: number,
  /** Of these, the ones that have not ended. */
  unfinished: number,
  /** When the oldest of these was received. */
  oldestUnfinishedAt?: string,
  /** When the run ended that is to be removed next. */
  oldestFinishedAt?: string,
  /** Copies that lie beside the database, newest first. */
  copies: Array<DatabaseCopy>,
  /** What damage was found. */
  damage?: string, };
export type DeliveriesReleased = {
  /** How many were meant. */
  count: number,
  /** Those that are runs now. */
  released: Array<OneReleased>,
  /** Those that are not. */
  left: Array<OneLeft>, };
export type Delivery = {
  /** Its id. */
  id: string,
  /** When it came. */
  receivedAt: string,
  /** Whose endpoint, when the key was known. */
  workflowId?: string,
  /** The answer's status code. */
  status: number,
  /** In words. */
  reason: string,
  /** The sender's address. */
  remoteIp: string,
  /** As sent. */
  contentType?: string,
  /** The body's size. */
  bytes: number,
  /** How many requests like it came at once; a flood is summed up in one entry. */
  times: number,
  /** Whether the body is kept, so that it can be looked at and released. */
  bodyKept: boolean,
  /** The run that was made of it later. */
  releasedRun?: string, };
export type DeliveryById = {
  /** Its id. */
  id: string, };
export type DeliveryDetail = {
  /** As in the list. */
  delivery: Delivery,
  /** The body, where it is text. */
  body?: string,
  /** The body, where it is none. */
  bodyBase64?: string,
  /** The metadata object, as a run has it. */
  metadata?: unknown, };
export type DeliveryFilter = {
  /** To this workflow. */
  workflowId?: string,
  /** Answered with this status code. */
  status?: number, };
export type DeliveryGroup = {
  /** Whose endpoint. */
  workflowId: string,
  /** The workflow's name now. */
  workflowName: string,
  /** The answer's status code. */
  status: number,
  /** How many. */
  count: number,
  /** When the newest came. */
  lastAt: string,
  /** Why that one was refused. */
  reason: string, };
export type DeliveryGroups = {
  /** Newest first. */
  groups: Array<DeliveryGroup>, };
export type DeliveryList = {
  /** One page. */
  deliveries: Array<Delivery>,
  /** Give it as `after` for the next page; missing on the last. */
  next?: string, };
export type DeliveryListRequest = {
  /** To this workflow. */
  workflowId?: string,
  /** Answered with this status code. */
  status?: number,
  /** `next` of the page before. */
  after?: string,
  /** At most 500; 100 when not given. */
  limit?: number, };
export type DeliveryRelease = {
  /** The refused request. */
  id: string,
  /** An edited payload; the body received when not given. */
  payload?: unknown,
  /** A person's word that it shall be run once more, although it was released before. */
  again?: boolean, };
export type DeliveryReleaseMany = {
  /** These, 1 to 1,000. Either this or `filter`. */
  ids?: Array<string>,
  /** All that it finds whose body was kept and that were not released yet, the oldest first. */
  filter?: DeliveryFilter,
  /** A person's word that those which were released before shall go once more. */
  again?: boolean,
  /** Only counts them. */
  preview?: boolean, };
export type DeliveryReleased = {
  /** Its id. */
  id: string, };
export type Difference = {
  /** JSON pointer into the newer version; into the older one where the newer has nothing there. */
  path: string,
  /** The action concerned. */
  actionId?: string,
  /** The member or field concerned, as the file writes it; none where a whole action is. */
  field?: string,
  /** What happened. */
  kind: "added" | "removed" | "changed" | "moved",
  /** As it was. */
  before?: unknown,
  /** As it is. */
  after?: unknown, };
export type Draft = {
  /** The editor that left it. */
  editor: string,
  /** The version that was edited; 0 for a workflow that was never saved. */
  base: number,
  /** The file as it stood. */
  file: unknown,
  /** When it was kept last. */
  savedAt: string, };
export type DraftDiscard = {
  /** The editor that left it. */
  editor: string, };
export type DraftList = {
  /** Newest first, at most ten. */
  drafts: Array<Draft>, };
export type DraftListRequest = {
  /** The workflow; none for those that were never saved. */
  id?: string, };
export type DraftSave = {
  /** Chosen by the editor, at random. */
  editor: string,
  /** The workflow; none for one that was never saved. */
  id?: string,
  /** The version that is edited; 0 for a workflow that was never saved. */
  base: number,
  /** The file as it stands, right or wrong. */
  file: unknown, };
export type DryField = {
  /** As the workflow writes it. */
  name: string,
  /** As it would leave. */
  value: string, };
export type DryResult = {
  /** How the run would end. */
  outcome: "succeeded" | "failed" | "rejected" | "stopped",
  /** Why it would not end well. */
  error?: string,
  /** In order; at most 200. */
  steps: Array<DryResultStep>,
  /** How many steps more there are. */
  moreSteps?: number, };
export type DryResultStep = {
  /** The action. */
  actionId: string,
  /** The action's name for people. */
  name: string,
  /** The action's type. */
  type: string,
  /** Which item of a `forEach`. */
  item?: number,
  /** How it would end. */
  status: "succeeded" | "failed" | "skipped",
  /** What it would write, send or ask, as it would leave; long values are cut. */
  fields?: Array<DryField>,
  /** Why it would fail. */
  error?: string, };
export type DryRow = {
  /** The run that it came with. */
  runId: string,
  /** When it came. */
  receivedAt: string,
  /** What the published version does; null while there is none. */
  before: DryResult | null,
  /** What the file does. */
  after: DryResult,
  /** Whether the end, or any field of any step, differs. */
  changed: boolean, };
export type DryRun = {
  /** New failures first, then other differences, then the rest; each newest first. */
  rows: Array<DryRow>,
  /** Actions of the file that read from elsewhere (`imisGet`, `httpRequest`, `alreadyRecorded`) and ask something that no earlier run has the answer to. */
  untried: Array<string>,
  /** Payloads that were left when the time was over, the oldest ones; 0 when all were tried. */
  left: number, };
export type Evidence = {
  /** JSON pointer. */
  path: string,
  /** The type seen. */
  type: string,
  /** In how many samples. */
  present: number,
  /** In how many of those without content. */
  blank: number,
  /** Of how many. */
  total: number,
  /** Whether the schema requires it. */
  required: boolean,
  /** Whether enough samples had a value for it. */
  sure: boolean,
  /** In words. */
  note: string, };
export type FailureGroup = {
  /** The error's code; empty for runs in doubt or held. */
  code: StepErrorCode | "",
  /** In words. */
  cause: string,
  /** Who can fix it. */
  owner: Owner,
  /** What to do, in words. */
  nextStep: string,
  /** How many runs. */
  count: number,
  /** What the newest of them says. */
  example: string,
  /** The newest of them. */
  lastRunId: string,
  /** Where they stand. */
  status: RunStatus,
  /** With this, `run_list` and `run_rerun` find them. */
  filter: GroupFilter, };
export type FailureGroups = {
  /** Most frequent first. */
  groups: Array<FailureGroup>, };
export type FailureGroupsRequest = {
  /** Received at or after; since midnight on this computer when not given. Runs that need a person count from any time. */
  from?: string,
  /** Received before. */
  to?: string,
  /** Of this workflow. */
  workflowId?: string, };
export type Fault = {
  /** JSON pointer into the file. */
  path: string,
  /** In words. */
  message: string, };
export type FaultList = {
  /** As the sandbox has them. */
  faults: unknown, };
export type Found = "written" | "notWritten";
export type From = "start" | "failed";
export type GroupFilter = {
  /** Where they stand. */
  status: RunStatus,
  /** The cause. */
  errorCode?: string,
  /** As everywhere: a run that was run again needs no look any more. */
  notRerun: boolean,
  /** As asked for. */
  workflowId?: string,
  /** As asked for; none for runs that count from any time. */
  from?: string,
  /** As asked for. */
  to?: string, };
export type InferredSchema = {
  /** Draft 07. */
  schema: unknown,
  /** One entry for each field. */
  evidence: Array<Evidence>, };
export type LeftAlone = {
  /** The run. */
  id: string,
  /** In words. */
  reason: string, };
export type LegacyConvert = {
  /** A template, or a gate's expression. */
  text: string,
  /** Whether it is a gate's expression: code without braces. */
  isExpression?: boolean, };
export type LegacyConverted = {
  /** As it is to be written. */
  text: string,
  /** Whether anything was rewritten. */
  changed: boolean, };
export type Member = {
  /** The iMIS ID. */
  id: string,
  /** The full name. */
  name: string,
  /** The e-mail address. */
  email?: string,
  /** Whether it is an organisation. */
  organization: boolean,
  /** Whether its status is active. */
  active: boolean, };
export type MemberDetail = {
  /** The member. */
  member: Member,
  /** Newest first. */
  activities: Array<RecordRow>,
  /** Panels that have rows. */
  panels: Array<PanelRows>, };
export type MemberErase = {
  /** A value that only this person has, such as the member's ID or an e-mail address. */
  value: string,
  /** Only counts. */
  preview?: boolean, };
export type MemberErased = {
  /** Finished runs that lose their content. */
  runs: number,
  /** Refused requests that lose their body. */
  deliveries: number,
  /** Runs with this value that have not ended: they must end, or be cancelled, before anything is erased. */
  unfinished: Array<string>,
  /** Test cases with this value that are kept with workflows, in whatever versions: they go. */
  testCases: number,
  /** What editors have not saved: drafts lose test cases with this value, and go whole where it stands elsewhere in them. */
  drafts: number,
  /** Workflows with this value elsewhere in a saved file, which only a person can change. */
  workflows: Array<string>,
  /** Copies of the database beside it, which may hold the value still. Backups elsewhere may as well. */
  copies: Array<string>, };
export type MemberGet = {
  /** The connection. */
  connection: string,
  /** The iMIS ID. */
  id: string, };
export type MemberList = {
  /** One page. */
  members: Array<Member>,
  /** How many there are. */
  total: number, };
export type MemberListRequest = {
  /** The connection. */
  connection: string,
  /** The beginning of an ID or e-mail address, or a part of a name. */
  search?: string,
  /** 50 when not given. */
  limit?: number, };
export type MemberSuggest = {
  /** The run. */
  runId: string, };
export type Metadata = {
  /** By code. */
  activityTypes: Array<ActivityType>,
  /** What an activity can hold, with the lengths of this site. */
  activityColumns?: Array<Column>,
  /** By name. */
  panels: Array<Panel>,
  /** When the site said so. */
  fetchedAt: string,
  /** Why the site could not be asked again, when it could not and this is what it said before. */
  trouble?: string, };
export type MetadataRequest = {
  /** The connection. */
  name: string,
  /** Ask the site again instead of taking what it last said. */
  refresh?: boolean, };
export type NewUrl = {
  /** As [`WorkflowUrl::url`]. */
  url: string, };
export type Nothing = Record<symbol, never>;
export type Notice = {
  /** A few words. */
  title: string,
  /** A sentence. */
  message: string, };
export type OneLeft = {
  /** The request. */
  id: string,
  /** Why, in words. */
  reason: string, };
export type OneReleased = {
  /** The request. */
  id: string,
  /** Its run. */
  runId: string, };
export type Page = {
  /** `next` of the page before. */
  after?: string,
  /** At most 500; 100 when not given. */
  limit?: number, };
export type Panel = {
  /** Its entity name. */
  name: string,
  /** `single` or `multi`: rows a member may have. */
  kind: string,
  /** `Party` or `Standalone`; iHook writes no rows of others. */
  parent: string,
  /** In the site's order. */
  columns: Array<Column>, };
export type PanelRows = {
  /** The panel. */
  name: string,
  /** Newest first. */
  rows: Array<RecordRow>, };
export type PauseAll = {
  /** True to pause, false to go on. */
  paused: boolean, };
export type PausedAll = {
  /** How many workflows changed their state. */
  changed: number, };
export type PreviewField = {
  /** JSON pointer below the action, such as `/fields/ID`. */
  path: string,
  /** As the file writes it. */
  name: string,
  /** What the template renders to; empty where it cannot. */
  text: string,
  /** The value as its column takes it; missing where no column is known, where the value is left out, and where it does not fit. */
  value?: string,
  /** What is wrong, a sentence each. */
  problems: Array<string>,
  /** Names that the delivery does not have; what is said of each is among the problems. */
  unknown: Array<UnknownName>, };
export type PreviewText = {
  /** The result; empty when there is none. */
  text: string,
  /** Why there is none, and names that the payload does not have. */
  problems: Array<string>,
  /** The names among them. */
  unknown: Array<UnknownName>, };
export type Problem = {
  /** JSON pointer into the file. */
  path: string,
  /** The action concerned. */
  actionId?: string,
  /** The field concerned. */
  field?: string,
  /** In words. */
  message: string, };
export type ProxyHeader = "xForwardedFor" | "forwarded";
export type RecordRow = {
  /** Its key. */
  key: string,
  /** In the order in which the site gave them, empty ones left out. */
  values: Array<RecordValue>, };
export type RecordValue = {
  /** The property. */
  name: string,
  /** As text. */
  value: string, };
export type Refusing = { "kind": "noSecret" } | { "kind": "secret", "reason": string } | { "kind": "version" };
export type RegenerateUrl = {
  /** Its id. */
  id: string,
  /** How long the old URL is still taken; not at all when not given. */
  overlapHours?: number, };
export type Rerun = {
  /** Its id. */
  id: string,
  /** The run it repeats. */
  rerunOf: string, };
export type RerunCounts = {
  /** Records that will be written to iMIS. */
  willWrite: number,
  /** Records that are written already: skipped. */
  alreadyWritten: number,
  /** A person has to look first: steps whose connection points to another site now, and runs that are left alone because it is not known yet what they, or reruns of them, wrote. */
  needLook: number,
  /** Reruns that will fail as things stand. */
  willFail: number,
  /** Reruns that will send what iMIS refused the last time. */
  wasRefused: number, };
export type RestoreRequest = {
  /** The backup, with its full path. It is only read. */
  path: string,
  /** Only looks at the backup and says what it holds. */
  check?: boolean, };
export type Restored = {
  /** The backup. */
  path: string,
  /** Its schema's number; an older one is brought up to date. */
  schema: number,
  /** Workflows in it. */
  workflows: number,
  /** Runs in it. */
  runs: number,
  /** Of these, the ones that had not ended: they are held, because they may have been written since. */
  unfinished: number,
  /** When the newest run was received. */
  newestRunAt?: string,
  /** Whether the program now stops and starts again with it. */
  restarting: boolean, };
export type Run = {
  /** Its id. */
  id: string,
  /** Whose delivery. */
  workflowId: string,
  /** The workflow's name now. */
  workflowName: string,
  /** The version it is pinned to. */
  version: number,
  /** The member of its first record, once that is known. */
  member?: string,
  /** Where it stands. */
  status: RunStatus,
  /** When the delivery came; a rerun keeps the original's. */
  receivedAt: string,
  /** When it first started. */
  startedAt?: string,
  /** When it ended. */
  finishedAt?: string,
  /** From the first start to the end. */
  durationMs?: number,
  /** How often it was started. */
  attempts: number,
  /** The run this one repeats. */
  rerunOf?: string,
  /** When it goes on by itself. */
  waitingUntil?: string,
  /** Why it waits. */
  waitingReason?: string,
  /** Why it failed. */
  error?: RunError,
  /** When what it received, sent and got was erased at someone's request. */
  erasedAt?: string, };
export type RunBar = {
  /** The run. */
  id: string,
  /** Where it stands. */
  status: RunStatus, };
export type RunById = {
  /** Its id. */
  id: string, };
export type RunCancelMany = {
  /** These runs. */
  ids?: Array<string>,
  /** All runs that `run_list` would find. */
  filter?: RunListRequest,
  /** Only say what would be done. */
  preview?: boolean, };
export type RunCancelled = {
  /** As it is now. */
  run: Run, };
export type RunDetail = {
  /** As in the list. */
  run: Run,
  /** As received; null when retention has taken it, and its text where that is no JSON object any more. */
  payload: unknown,
  /** What is known of the request. */
  metadata: unknown,
  /** In order. */
  steps: Array<Step>,
  /** The runs that repeat this one, oldest first. */
  reruns: Array<string>, };
export type RunError = {
  /** The action's id. */
  step: string,
  /** Stable; for programs. */
  code: StepErrorCode,
  /** For people. */
  message: string, };
export type RunList = {
  /** One page. With a `next`, a short or empty one is not the last: older runs were not looked at yet. */
  runs: Array<Run>,
  /** Give it as `after` for the next page; missing on the last. */
  next?: string, };
export type RunListRequest = {
  /** Of this workflow. */
  workflowId?: string,
  /** Of one of these workflows. */
  workflowIds?: Array<string>,
  /** With this status, or one of these. */
  status?: RunStatus | RunStatus[],
  /** That failed for this cause: the `code` of its error. */
  errorCode?: string,
  /** Leaves out runs that were run again: their reruns speak for them. */
  notRerun?: boolean,
  /** A payload value, or its beginning, in any case; or a run's id. */
  search?: string,
  /** Received at or after. */
  from?: string,
  /** Received before. */
  to?: string,
  /** `next` of the page before. */
  after?: string,
  /** At most 500; 100 when not given. */
  limit?: number, };
export type RunRelease = {
  /** The run. */
  id: string,
  /** An edited payload; the one received when not given. */
  payload?: unknown,
  /** A person's word that it shall go once more, although it was released before or its records stand. */
  again?: boolean, };
export type RunRepaired = {
  /** As it is now. */
  run: Run, };
export type RunReran = {
  /** In the order in which the deliveries came; none in a preview. */
  runs: Array<Rerun>,
  /** What they will do. */
  counts: RerunCounts,
  /** Runs that are left alone, and why; the first 100. */
  left: Array<LeftAlone>, };
export type RunRerun = {
  /** These runs. */
  ids?: Array<string>,
  /** All runs that `run_list` would find. */
  filter?: RunListRequest,
  /** Which version of the workflow. */
  version: Version,
  /** Where to begin. */
  from: From,
  /** Only say what would be done. */
  preview?: boolean, };
export type RunResolve = {
  /** The run. */
  id: string,
  /** Which step; the only open one when not given. */
  index?: number,
  /** What was found. */
  as: Found,
  /** The record's key, when it is there. */
  recordKey?: string,
  /** How often the request had gone out when the person looked: the word is about that one, and refused when another has gone out since. Not asked when not given. */
  attempts?: number, };
export type RunUndo = {
  /** The run. */
  id: string,
  /** Which step; the only one with a record when not given. */
  index?: number,
  /** Why; goes into the audit list. */
  reason: string, };
export type RunsCancelled = {
  /** Ended by this. */
  cancelled: number,
  /** Under way, so that a request may be on its way to iMIS: left alone. */
  underWay: number,
  /** Had ended before. */
  ended: number, };
export type SampleRemoved = {
  /** How many runs. */
  runs: number, };
export type SandboxFaults = {
  /** The faults from now on; none of them changes when not given. */
  faults?: unknown, };
export type SchemaFromSamples = {
  /** 1 to 200 payloads. */
  samples: unknown[],
  /** The workflow file, which need be neither saved nor complete: what its templates read is required of every payload that the schema takes. */
  file?: unknown, };
export type Secret = {
  /** As templates name it. */
  name: string,
  /** Whether there is a value. */
  isSet: boolean,
  /** The workflows whose newest version asks for it, by name. */
  usedBy: Array<string>, };
export type SecretList = {
  /** By name. */
  secrets: Array<Secret>, };
export type SecretSet = {
  /** As templates name it. */
  name: string,
  /** Never comes back; the secret is forgotten when not given. */
  value?: string, };
export type SecretsKept = {
  /** The place. */
  place: SecretsPlace,
  /** What staff should know about it. */
  notice?: string,
  /** Why they cannot be moved elsewhere; nothing where that can be tried. */
  cannotMove?: string, };
export type SecretsMove = {
  /** To the keyring or the file. */
  to: SecretsPlace, };
export type SecretsMoved = {
  /** Where they are now, also after the next start. */
  kept: SecretsKept,
  /** How many there are. */
  count: number,
  /** How many of them the old place still has too, for it does not let go of them. */
  left: number, };
export type SecretsPlace = "keyring" | "file" | "memory";
export type SecretsState = {
  /** They can, and everything that waited for them goes on. */
  ok: boolean,
  /** Why not, and what to do. */
  message?: string, };
export type SenderAnswer = {
  /** The status code. */
  status: number,
  /** Names in lower case. */
  headers: Record<string, string>,
  /** As it came. */
  body: string,
  /** From sending to the last byte. */
  ms: number,
  /** Where it went, the token hidden. */
  url: string,
  /** The run it made. */
  runId?: string, };
export type SenderAnswers = {
  /** In the order of the bodies. */
  answers: Array<BatchAnswer>, };
export type SenderBatch = {
  /** To whose endpoint. */
  workflowId: string,
  /** JSON, 1 to 100 of them. */
  bodies: Array<string>,
  /** Requests under way at once, 1 to 32; 1 when not given. */
  concurrency?: number,
  /** Straight to this computer when not given. */
  via?: Via, };
export type SenderSecret = {
  /** Whether there is a secret. */
  isSet: boolean,
  /** Until when the one before is still taken. */
  beforeUntil?: string, };
export type SenderSend = {
  /** To whose endpoint. */
  workflowId: string,
  /** As it is, right or wrong; none for a request without a body. */
  body?: string,
  /** `application/json` when not given and there is a body. */
  contentType?: string,
  /** Further headers. */
  headers?: Record<string, string>,
  /** `POST` when not given. */
  method?: string,
  /** Straight to this computer when not given. */
  via?: Via,
  /** Authenticates or signs as the published trigger asks, unless this is false. */
  authenticate?: boolean, };
export type SetSecret = {
  /** The workflow. */
  id: string,
  /** The header's value, `user:password`, or the signing key. Never comes back. */
  secret: string,
  /** What it is used as; what the latest version asks for when not given. */
  usedAs?: "header" | "basic" | "standardWebhooks" | "signature",
  /** How long the secret before is still taken; not at all when not given. */
  overlapHours?: number, };
export type SetStatus = {
  /** Its id. */
  id: string,
  /** The state wanted. */
  status: WorkflowStatus, };
export type Settings = {
  /** The address under which senders reach the listener, such as `https://hooks.example.org/ihook`. */
  publicBaseUrl?: string,
  /** Address blocks of reverse proxies whose word on the client's address counts. */
  trustedProxies: Array<string>,
  /** The header in which they give it. Only this one counts: any sender can add the other. */
  proxyHeader: ProxyHeader,
  /** Private address blocks that HTTP Request actions may call all the same. */
  allowPrivateAddresses: Array<string>,
  /** How requests to iMIS and to other systems leave this computer: through the proxies it is set up with where this is not given or `system`, straight where it is `none`, else through the proxy at this address. */
  outgoingProxy?: string,
  /** Larger bodies are answered 413. */
  maxBodyBytes: number,
  /** Finished runs older than this are removed. */
  retentionDays: number,
  /** When the database holds more than so many megabytes, those finished runs go first that ended first. */
  retentionMaxMegabytes: number,
  /** Whether closing the window leaves the program receiving, where there is a tray. */
  closeToTray: boolean,
  /** Whether the window's program starts when the person signs in to this computer. */
  startAtLogin: boolean, };
export type SettingsAnswer = {
  /** All of them. */
  settings: Settings,
  /** What is allowed and seldom meant. */
  warnings: Array<string>,
  /** What was kept and cannot be read, and what holds until it is saved anew. */
  faults: Array<string>, };
export type SettingsSave = {
  /** Those that change; null puts one back to its default. */
  settings: { [K in keyof Settings]?: Settings[K] | null }, };
export type Standing = "refusing" | "trouble" | "look" | "paused" | "receiving";
export type Stands = {
  /** How things stand. */
  standing: Standing,
  /** Active workflows that take their deliveries. */
  taking: number,
  /** Paused ones that do: what comes waits. */
  paused: number,
  /** Active and paused ones that answer 503. */
  refusing: number, };
export type Stats = {
  /** Oldest first; empty ones are left out. */
  buckets: Array<BucketCounts>, };
export type StatsRequest = {
  /** From this time on. */
  from: string,
  /** Before this time. */
  to: string,
  /** How wide a bucket is. */
  bucket: Bucket, };
export type StatusSet = {
  /** The state. */
  status: WorkflowStatus, };
export type Step = {
  /** Its place in the run. */
  index: number,
  /** The action's id. */
  actionId: string,
  /** The action's type. */
  type: string,
  /** The action's name at that time. */
  name: string,
  /** Which item of a `forEach`. */
  item?: number,
  /** Where it stands. */
  status: StepStatus,
  /** When it began. */
  startedAt: string,
  /** When it ended. */
  finishedAt?: string,
  /** The pipeline object before it. */
  input: unknown,
  /** The pipeline object after it. */
  output: unknown,
  /** The pipeline object is large: `input` and `output` show a part of it. */
  pipelineCut?: boolean,
  /** What it produced, also where that is not put into the pipeline object. */
  result: unknown,
  /** The last request. */
  request?: WireRequest,
  /** The last answer. */
  response?: WireResponse,
  /** Why it failed. */
  error?: StepError,
  /** The key of the record it wrote. */
  recordKey?: string,
  /** What staff should know of what was written: that the member is inactive, say. */
  warnings?: Array<string>,
  /** How often its request went out. */
  attempts: number,
  /** When a person had its record deleted again. */
  undoneAt?: string, };
export type StepError = {
  /** Stable; for programs. */
  code: StepErrorCode,
  /** For people. */
  message: string,
  /** Where a schema was broken. */
  violations?: Array<Violation>,
  /** How many violations more there are. */
  more?: number, };
export type Suggestion = {
  /** The member. */
  member: Member,
  /** What they have in common with the payload. */
  because: string, };
export type Suggestions = {
  /** Each once. */
  members: Array<Suggestion>,
  /** What the payload gave to look for. */
  lookedFor: Array<string>, };
export type TemplatePreview = {
  /** Liquid. */
  template: string,
  /** A JSON object. */
  payload: unknown, };
export type Topic = "runs" | "deliveries" | "workflows" | "connections" | "settings" | "notice" | "all";
export type TypeField = {
  /** The property. */
  name: string,
  /** What staff see beside it. */
  label: string, };
export type UnknownName = {
  /** Its steps with dots between, such as `input.attendee.emial`. */
  path: string,
  /** What is said of it among the problems. */
  message: string, };
export type Version = "original" | "current";
export type VersionSummary = {
  /** Counts from 1. */
  version: number,
  /** When it was saved. */
  savedAt: string,
  /** Whether the endpoint runs it. */
  published: boolean, };
export type Via = "local" | "public";
export type Violation = {
  /** JSON pointer; for a missing member, that member's. */
  path: string,
  /** The schema's keyword. */
  keyword: string,
  /** In words. */
  message: string, };
export type WireRequest = {
  /** `GET`, `POST`, … */
  method: string,
  /** The whole URL. */
  url: string,
  /** Names in lower case; credentials hidden. */
  headers: { [key in string]: string },
  /** As JSON. */
  body?: unknown, };
export type WireResponse = {
  /** The status code. */
  status: number,
  /** Names in lower case; cookies hidden. */
  headers: { [key in string]: string },
  /** JSON where it is JSON, else text. */
  body?: unknown,
  /** From sending to the last byte. */
  ms: number, };
export type WorkflowCheck = {
  /** An object, or its JSON as text. */
  file: unknown,
  /** The workflow that it is or will be; none for one that was never saved. */
  id?: string,
  /** As if the workflow wrote there: whether the types and panels exist on that site. */
  connection?: string,
  /** Ask that site first instead of taking what it last said. */
  refresh?: boolean, };
export type WorkflowChecked = {
  /** What to look at; nothing of it blocks. */
  problems: Array<Problem>,
  /** Why it would be refused. */
  fault?: Fault, };
export type WorkflowCompare = {
  /** The workflow. */
  id: string,
  /** The older version. */
  a: number,
  /** The newer version; the latest when neither it nor a file is given. */
  b?: number,
  /** In place of `b`: an object, or its JSON as text. */
  file?: unknown, };
export type WorkflowCompared = {
  /** In the order of the newer version. */
  differences: Array<Difference>, };
export type WorkflowDetail = {
  /** As in the list. */
  workflow: WorkflowSummary,
  /** As it was written. */
  file: unknown,
  /** Newest first. */
  versions: Array<VersionSummary>,
  /** What to look at; nothing of it blocks. */
  problems: Array<Problem>,
  /** Until when a replaced URL is still taken. */
  oldUrlUntil?: string, };
export type WorkflowDryRun = {
  /** The workflow. */
  id: string,
  /** An object, or its JSON as text; need not be saved. */
  file: unknown,
  /** How many payloads, the newest; 20 when not given, at most 100. */
  limit?: number, };
export type WorkflowFile = {
  /** As it was written. */
  file: unknown, };
export type WorkflowGet = {
  /** Its id. */
  id: string,
  /** The latest when not given. */
  version?: number, };
export type WorkflowImport = {
  /** An object, or its JSON as text. */
  file: unknown,
  /** Whether it receives from now on. */
  activate?: boolean, };
export type WorkflowImported = {
  /** Its id. */
  id: string,
  /** Names it in its URL. */
  key: string,
  /** Where it receives. */
  url: string,
  /** Always 1. */
  version: number,
  /** What to look at; nothing of it blocks. */
  problems: Array<Problem>,
  /** What was rewritten from the legacy syntax. */
  changes: Array<Change>, };
export type WorkflowList = {
  /** Oldest first. */
  workflows: Array<WorkflowSummary>, };
export type WorkflowRestore = {
  /** The workflow. */
  id: string,
  /** The version to go back to; it is saved again under the next number. */
  version: number,
  /** Whether the endpoint runs it from now on. */
  publish?: boolean, };
export type WorkflowSave = {
  /** The workflow; none to make one. */
  id?: string,
  /** An object, or its JSON as text. */
  file: unknown,
  /** Whether the endpoint runs it from now on. Does not activate a draft. */
  publish?: boolean,
  /** The version that was edited: refused with `newerVersion` when it is not the latest any more. Not asked when not given. */
  base?: number, };
export type WorkflowSaved = {
  /** The workflow. */
  id: string,
  /** The version's number. */
  version: number,
  /** Where it receives. */
  url: string,
  /** What to look at; nothing of it blocks. */
  problems: Array<Problem>,
  /** What was rewritten from the legacy syntax. */
  changes: Array<Change>, };
export type WorkflowSummary = {
  /** Its id. */
  id: string,
  /** Names it in its URL. */
  key: string,
  /** What staff call it. */
  name: string,
  /** Free text. */
  description: string,
  /** Its state. */
  status: WorkflowStatus,
  /** Why its deliveries are refused with 503, although its state would take them. */
  refusing?: Refusing,
  /** The connection that the latest version writes to. */
  connection: string,
  /** The version that the endpoint runs; 0 before the first publish. */
  version: number,
  /** The newest saved version. */
  latestVersion: number,
  /** Since midnight on this computer. */
  today: Counts,
  /** Runs that are queued or under way. */
  queued: number,
  /** Runs in doubt or held. */
  needsLook: number,
  /** When the last delivery came. */
  lastReceivedAt?: string,
  /** Oldest first. */
  lastRuns: Array<RunBar>,
  /** How many things to look at there are. */
  problems: number, };
export type WorkflowUrl = {
  /** Under the public base URL, or the local one while there is none. */
  url: string,
  /** On this computer. */
  localUrl: string, };

export interface Commands {
  app_info: { request: Nothing; response: AppInfo };
  workflow_import: { request: WorkflowImport; response: WorkflowImported };
  workflow_export: { request: ById; response: WorkflowFile };
  workflow_list: { request: Nothing; response: WorkflowList };
  workflow_get: { request: WorkflowGet; response: WorkflowDetail };
  workflow_save: { request: WorkflowSave; response: WorkflowSaved };
  workflow_compare: { request: WorkflowCompare; response: WorkflowCompared };
  workflow_restore: { request: WorkflowRestore; response: WorkflowSaved };
  workflow_check: { request: WorkflowCheck; response: WorkflowChecked };
  workflow_dry_run: { request: WorkflowDryRun; response: DryRun };
  workflow_set_status: { request: SetStatus; response: StatusSet };
  standing: { request: Nothing; response: Stands };
  pause_all: { request: PauseAll; response: PausedAll };
  workflow_url: { request: ById; response: WorkflowUrl };
  workflow_regenerate_url: { request: RegenerateUrl; response: NewUrl };
  workflow_secret: { request: ById; response: SenderSecret };
  workflow_secret_remove: { request: ById; response: Nothing };
  workflow_set_secret: { request: SetSecret; response: Nothing };
  workflow_delete: { request: ById; response: Nothing };
  draft_save: { request: DraftSave; response: Nothing };
  draft_list: { request: DraftListRequest; response: DraftList };
  draft_discard: { request: DraftDiscard; response: Nothing };
  run_list: { request: RunListRequest; response: RunList };
  run_get: { request: RunById; response: RunDetail };
  run_rerun: { request: RunRerun; response: RunReran };
  run_cancel: { request: RunById; response: RunCancelled };
  run_cancel_many: { request: RunCancelMany; response: RunsCancelled };
  run_resolve: { request: RunResolve; response: RunRepaired };
  run_retry_now: { request: RunById; response: RunRepaired };
  run_undo: { request: RunUndo; response: RunRepaired };
  run_release: { request: RunRelease; response: Rerun };
  delivery_list: { request: DeliveryListRequest; response: DeliveryList };
  delivery_groups: { request: Nothing; response: DeliveryGroups };
  delivery_get: { request: DeliveryById; response: DeliveryDetail };
  delivery_release: { request: DeliveryRelease; response: DeliveryReleased };
  delivery_release_many: { request: DeliveryReleaseMany; response: DeliveriesReleased };
  connection_list: { request: Nothing; response: ConnectionList };
  connection_save: { request: ConnectionSave; response: ConnectionSaved };
  connection_delete: { request: ByName; response: Nothing };
  connection_test: { request: ByName; response: ConnectionTested };
  connection_metadata: { request: MetadataRequest; response: Metadata };
  member_list: { request: MemberListRequest; response: MemberList };
  member_suggest: { request: MemberSuggest; response: Suggestions };
  member_get: { request: MemberGet; response: MemberDetail };
  sender_send: { request: SenderSend; response: SenderAnswer };
  sender_batch: { request: SenderBatch; response: SenderAnswers };
  sandbox_faults: { request: SandboxFaults; response: FaultList };
  sample_remove: { request: Nothing; response: SampleRemoved };
  schema_from_samples: { request: SchemaFromSamples; response: InferredSchema };
  template_preview: { request: TemplatePreview; response: PreviewText };
  action_preview: { request: ActionPreview; response: ActionPreviewed };
  legacy_convert: { request: LegacyConvert; response: LegacyConverted };
  stats: { request: StatsRequest; response: Stats };
  failure_groups: { request: FailureGroupsRequest; response: FailureGroups };
  secret_list: { request: Nothing; response: SecretList };
  secrets_retry: { request: Nothing; response: SecretsState };
  secrets_kept: { request: Nothing; response: SecretsKept };
  secrets_move: { request: SecretsMove; response: SecretsMoved };
  secret_set: { request: SecretSet; response: Nothing };
  settings_get: { request: Nothing; response: SettingsAnswer };
  settings_save: { request: SettingsSave; response: SettingsAnswer };
  audit_list: { request: Page; response: AuditList };
  backup: { request: BackupRequest; response: BackupMade };
  restore: { request: RestoreRequest; response: Restored };
  clock_confirm: { request: Nothing; response: Nothing };
  database_health: { request: Nothing; response: DatabaseHealth };
  member_erase: { request: MemberErase; response: MemberErased };
}

export type WireError = { code: string; message: string; details?: unknown };
