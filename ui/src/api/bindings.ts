// Generated from the command table in src-tauri/crates/ihook-app. Do not edit.

export type WorkflowStatus = "draft" | "active" | "paused" | "disabled" | "archived";
export type RunStatus = "queued" | "running" | "waiting" | "inDoubt" | "held" | "succeeded" | "failed" | "rejected" | "stopped" | "cancelled";
export type StepStatus = "running" | "waiting" | "inDoubt" | "held" | "succeeded" | "failed" | "skipped";

/** Something to look at in a workflow; it never blocks. `path` is a JSON pointer into the file. */
export type Problem = { path: string; actionId?: string; field?: string; message: string };
/** What an import rewrote. */
export type Change = { path: string; from: string; to: string };

export type WorkflowSummary = {
  id: string; key: string; name: string; description: string; status: WorkflowStatus; connection: string;
  /** Published version; 0 before the first publish. */ version: number; latestVersion: number;
  today: { received: number; succeeded: number; failed: number; rejected: number };
  queued: number; needsLook: number; lastReceivedAt?: string;
  /** The last 60 runs, oldest first. */ lastRuns: { id: string; status: RunStatus }[];
  problems: number;
};
export type VersionSummary = { version: number; savedAt: string; published: boolean };
export type WorkflowDetail = { workflow: WorkflowSummary; /** the file of the latest version */ file: unknown; versions: VersionSummary[]; problems: Problem[] };

export type RunError = { step?: string; code: string; message: string };
export type Run = {
  id: string; workflowId: string; workflowName: string; version: number; status: RunStatus;
  receivedAt: string; startedAt?: string; finishedAt?: string; durationMs?: number; attempts: number;
  rerunOf?: string; waitingUntil?: string; waitingReason?: string; error?: RunError;
};
export type Exchange = {
  request?: { method: string; url: string; headers: Record<string, string>; body?: unknown };
  response?: { status: number; headers: Record<string, string>; body?: unknown; ms: number };
};
export type Violation = { path: string; keyword: string; message: string };
export type Step = {
  index: number; actionId: string; type: string; name: string; item?: number; status: StepStatus;
  startedAt: string; finishedAt?: string;
  /** the pipeline object before and after */ input?: unknown; output?: unknown;
  request?: Exchange["request"]; response?: Exchange["response"];
  error?: { code: string; message: string; violations?: Violation[] };
  recordKey?: string; attempts: number;
};

export type ActivityType = { code: string; description: string };
export type Column = { name: string; caption?: string; type: string; maxLength?: number; required: boolean; readOnly: boolean };
export type Panel = { name: string; kind: string; parent: string; columns: Column[] };
export type Connection = {
  name: string; baseUrl: string; username: string; timeZone: string; maxConcurrent: number; writesPerMinute?: number;
  sandbox: boolean; hasPassword: boolean;
  /** why its runs wait, when they do */ trouble?: string; warnings: string[];
};
export type Member = { id: string; name: string; email?: string; organization: boolean };
/** One record as property name → value as text, in the order iMIS gave them. */
export type RecordRow = { key: string; values: { name: string; value: string }[] };

export interface Commands {
  app_info: { request: {}; response: { version: string; hooks: string; publicBaseUrl?: string; sandbox?: string; dataDir: string; notices: string[] } };
  workflow_import: { request: { file: unknown; activate?: boolean }; response: { id: string; key: string; url: string; version: number; problems: Problem[]; changes: Change[] } };
  workflow_export: { request: { id: string }; response: { file: unknown } };
  workflow_list: { request: {}; response: { workflows: WorkflowSummary[] } };
  workflow_get: { request: { id: string; version?: number }; response: WorkflowDetail };
  workflow_save: { request: { id?: string; file: unknown; publish?: boolean }; response: { id: string; version: number; url: string; problems: Problem[]; changes: Change[] } };
  workflow_check: { request: { file: unknown }; response: { problems: Problem[]; fault?: { path: string; message: string } } };
  workflow_set_status: { request: { id: string; status: WorkflowStatus }; response: { status: WorkflowStatus } };
  workflow_url: { request: { id: string }; response: { url: string; localUrl: string } };
  workflow_regenerate_url: { request: { id: string; overlapHours?: number }; response: { url: string } };
  workflow_delete: { request: { id: string }; response: {} };
  run_list: { request: { workflowId?: string; status?: RunStatus | RunStatus[]; search?: string; from?: string; to?: string; after?: string; limit?: number }; response: { runs: Run[]; next?: string } };
  run_get: { request: { id: string }; response: { run: Run; payload: unknown; metadata?: unknown; steps: Step[]; /** ids of runs made from this one */ reruns: string[] } };
  run_rerun: { request: { ids?: string[]; filter?: unknown; version: "original" | "current"; from: "start" | "failed"; preview?: boolean }; response: { runs: { id: string; rerunOf: string }[]; counts: { willWrite: number; alreadyWritten: number; needLook: number } } };
  run_cancel: { request: { id: string }; response: { run: Run } };
  run_release: { request: { id: string; payload?: unknown }; response: { id: string; rerunOf: string } };
  delivery_list: { request: { after?: string; limit?: number }; response: { deliveries: { id: string; receivedAt: string; workflowId?: string; status: number; reason: string; remoteIp: string; bytes: number }[]; next?: string } };
  connection_list: { request: {}; response: { connections: Connection[] } };
  connection_save: { request: { name: string; baseUrl: string; username: string; password?: string; timeZone?: string; maxConcurrent?: number; writesPerMinute?: number }; response: { connection: Connection } };
  connection_test: { request: { name: string }; response: { ok: boolean; checks: { name: string; ok: boolean; message: string }[] } };
  connection_metadata: { request: { name: string; refresh?: boolean }; response: { activityTypes: ActivityType[]; panels: Panel[]; fetchedAt: string } };
  member_list: { request: { connection: string; search?: string; limit?: number }; response: { members: Member[]; total: number } };
  member_get: { request: { connection: string; id: string }; response: { member: Member; activities: RecordRow[]; panels: { name: string; rows: RecordRow[] }[] } };
  sender_send: { request: { workflowId: string; body?: string; contentType?: string; headers?: Record<string, string>; method?: string }; response: { status: number; headers: Record<string, string>; body: string; ms: number; url: string; runId?: string } };
  sandbox_faults: { request: { faults?: unknown }; response: { faults: unknown } };
  schema_from_samples: { request: { samples: unknown[] }; response: { schema: unknown; evidence: { path: string; type: string; present: number; blank: number; total: number; note: string }[] } };
  template_preview: { request: { template: string; payload: unknown }; response: { text: string; problems: string[] } };
  stats: { request: { from: string; to: string; bucket: "minute" | "hour" | "day" }; response: { buckets: { at: string; received: number; succeeded: number; failed: number; rejected: number }[] } };
  failure_groups: { request: {}; response: { groups: { code: string; cause: string; owner: "sender" | "imis" | "workflow" | "computer"; count: number; example: string; lastRunId: string; status: RunStatus }[] } };
  settings_get: { request: {}; response: { settings: Settings } };
  settings_save: { request: { settings: Partial<Settings> }; response: { settings: Settings } };
  audit_list: { request: { after?: string; limit?: number }; response: { entries: { at: string; action: string; subject: string; detail: string }[]; next?: string } };
  backup: { request: { path: string }; response: { path: string; bytes: number } };
}
export type Settings = { publicBaseUrl?: string; maxBodyBytes: number; retentionDays: number };
/** A topic that maps to query keys; `id` narrows it. */
export type AppEvent = { topic: "runs" | "workflows" | "connections" | "settings"; id?: string };
export type WireError = { code: string; message: string; details?: unknown };
