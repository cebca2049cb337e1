import { screen, within } from "@testing-library/react";
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

const around = {
  workflow_list: { workflows: [workflow] },
  workflow_get: detail,
  app_info: { version: "1", hooks: "http://127.0.0.1:1", dataDir: "/d", notices: [] },
  member_list: { members: [], total: 0 },
  connection_list: { connections: [] },
  run_get: { run, payload: checkInPayload, metadata: null, steps: [], reruns: [] },
};

test("all scenarios are sent once, and what came is set against what should have come", async () => {
  const fake = fakeServer({
    ...around,
    sender_send: ({ body = "" }) =>
      body.includes('"CONF2026"') && body.includes('"12345"')
        ? { status: 200, headers: {}, body: "", ms: 2, url: "u", runId: "r1" }
        : { status: 400, headers: {}, body: "", ms: 1, url: "u" },
  });
  const { user } = showAt(<SenderPage />, "/sender?mode=all", "/sender");
  await user.click(await screen.findByRole("button", { name: "Run all" }));
  const row = (name: string) => screen.getByRole("row", { name: new RegExp(`^${name}`) });
  await within(row("A check-in")).findByText("As expected");
  await within(row("Another content type")).findByText(/Expected/);
  const count = fake.asked.filter(({ command }) => command === "sender_send").length;
  expect(count).toBe(screen.getAllByRole("row").length - 1);
});

test("a batch goes out in portions and can be stopped", async () => {
  const fake = fakeServer({
    ...around,
    member_list: { members: [], total: 0 },
    sender_batch: ({ bodies }) => ({ answers: bodies.map(() => ({ status: 200, ms: 3 })) }),
  });
  const { user } = showAt(<SenderPage />, "/sender?mode=batch", "/sender");
  await user.click(await screen.findByRole("radio", { name: "Typed" }));
  await user.type(screen.getByLabelText(/^Member IDs/), "10001 10002");
  const count = screen.getByLabelText("How many");
  await user.clear(count);
  await user.type(count, "40");
  await user.click(screen.getByRole("button", { name: "Send 40" }));
  expect(await screen.findByText("40 of 40")).toBeVisible();
  expect(screen.getByText("40 × 200")).toBeVisible();
  const batches = fake.asked.filter(({ command }) => command === "sender_batch");
  const sizes = batches.map(({ request }) => (request as { bodies: string[] }).bodies.length);
  expect(sizes).toEqual([16, 16, 8]);
});

test("a live iMIS is asked about first", async () => {
  const live = { ...workflow, connection: "Live iMIS" };
  const fake = fakeServer({
    ...around,
    workflow_list: { workflows: [live] },
    sender_send: { status: 200, headers: {}, body: "", ms: 3, url: "u" },
  });
  const { user } = showAt(<SenderPage />, "/sender");
  await user.click(await screen.findByRole("button", { name: "Send" }));
  expect(
    await screen.findByRole("dialog", { name: /Write test records to Live iMIS/ }),
  ).toBeVisible();
  expect(fake.asked.some(({ command }) => command === "sender_send")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Send to the live iMIS" }));
  expect(await screen.findByText(/^200 in/)).toBeVisible();
});

test("what was composed is kept with the workflow", async () => {
  const fake = fakeServer({
    ...around,
    workflow_save: { id: "w1", version: 2, url: "u", problems: [], changes: [] },
  });
  const { user } = showAt(<SenderPage />, "/sender");
  await user.click(await screen.findByRole("button", { name: "Keep as a scenario…" }));
  const name = await screen.findByLabelText("Name");
  await user.clear(name);
  await user.type(name, "Ada again");
  await user.click(screen.getByRole("button", { name: "Keep" }));
  expect(await screen.findByText("“Ada again” is kept with the workflow.")).toBeVisible();
  const saved = fake.asked.find(({ command }) => command === "workflow_save")?.request;
  expect(saved).toMatchObject({
    id: "w1",
    publish: true,
    file: { scenarios: [{ name: "A check-in" }, { name: "Ada again", payload: checkInPayload }] },
  });
});

test("without a workflow it says what to do", async () => {
  fakeServer({ workflow_list: { workflows: [] } });
  showAt(<SenderPage />, "/sender");
  expect(await screen.findByRole("link", { name: "Make a workflow" })).toBeVisible();
});

test("a workflow that is gone is said to be, and no other one is sent to", async () => {
  fakeServer(around);
  showAt(<SenderPage />, "/sender?workflow=gone", "/sender");
  expect(await screen.findByText("This workflow is not here any more")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
});
