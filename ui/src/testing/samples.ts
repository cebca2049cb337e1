import type { Connection, Run, RunStatus, Step, WorkflowSummary } from "../api/bindings";

/** Things as the server tells them, with what a test does not care about filled in. */
export function workflow(given: Partial<WorkflowSummary> = {}): WorkflowSummary {
  return {
    id: "w1",
    key: "key",
    name: "Event check-in",
    description: "",
    status: "active",
    connection: "sandbox",
    version: 1,
    latestVersion: 1,
    today: { received: 0, succeeded: 0, failed: 0, rejected: 0 },
    queued: 0,
    needsLook: 0,
    lastRuns: [],
    problems: 0,
    ...given,
  };
}

/** A connection to a site of one's own. */
export function site(given: Partial<Connection> = {}): Connection {
  return {
    name: "Live iMIS",
    baseUrl: "https://imis.example.org/",
    username: "ihook",
    timeZone: "UTC",
    dateOrder: "m/d",
    dateOrderChosen: false,
    maxConcurrent: 1,
    kind: "live",
    sandbox: false,
    hasPassword: true,
    hasAnswered: true,
    warnings: [],
    ...given,
  };
}

export function run(status: RunStatus = "succeeded", given: Partial<Run> = {}): Run {
  return {
    id: "r1",
    workflowId: "w1",
    workflowName: "Event check-in",
    version: 1,
    status,
    receivedAt: "2026-05-27T09:15:04Z",
    attempts: 1,
    ...given,
  };
}

export function step(given: Partial<Step> = {}): Step {
  return {
    index: 0,
    actionId: "activity",
    type: "insertActivity",
    name: "Insert Activity",
    status: "succeeded",
    startedAt: "2026-05-27T09:15:04.000Z",
    finishedAt: "2026-05-27T09:15:04.296Z",
    input: {},
    output: {},
    result: null,
    attempts: 1,
    ...given,
  };
}
