import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Run, WorkflowDetail, WorkflowSummary } from "../../api/bindings";
import { fakeServer, showAt } from "../../testing/fake";
import { checkInPayload, checkInWorkflow } from "../../workflow/samples";
import { SenderPage } from "./SenderPage";

const workflow: WorkflowSummary = {
  id: "w1",
  key: "k",
  name: "Check-in",
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
};
const detail: WorkflowDetail = {
  workflow,
  file: checkInWorkflow("Check-in"),
  versions: [],
  problems: [],
};
const run: Run = {
  id: "r1",
  workflowId: "w1",
  workflowName: "Check-in",
  version: 1,
  status: "succeeded",
  receivedAt: "2026-05-27T09:15:00Z",
  finishedAt: "2026-05-27T09:15:01Z",
  durationMs: 12,
  attempts: 1,
};

test("the first test check-in is one click on this page", async () => {
  const fake = fakeServer({
    workflow_list: { workflows: [workflow] },
    workflow_get: detail,
    sender_send: { status: 200, headers: {}, body: '{"id":"r1"}', ms: 3, url: "u", runId: "r1" },
    run_get: { run, payload: checkInPayload, metadata: null, steps: [], reruns: [] },
  });
  const { user } = showAt(<SenderPage />, "/sender");
  await user.click(await screen.findByRole("button", { name: "Send" }));
  expect(await screen.findByText("As expected")).toBeVisible();
  expect(screen.getByText("Succeeded")).toBeVisible();
  const sent = fake.asked.find(({ command }) => command === "sender_send")?.request;
  expect(sent).toMatchObject({ workflowId: "w1", contentType: "application/json" });
  expect(JSON.parse((sent as { body: string }).body)).toEqual(checkInPayload);
});

test("without a workflow it says what to do", async () => {
  fakeServer({ workflow_list: { workflows: [] } });
  showAt(<SenderPage />, "/sender");
  expect(await screen.findByRole("link", { name: "Make a workflow" })).toBeVisible();
});
