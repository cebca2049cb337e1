import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FailureGroup } from "../../api/bindings";
import { fakeServer, Refusal, showAt } from "../../testing/fake";
import { site, workflow } from "../../testing/samples";
import { DashboardPage } from "./DashboardPage";

const quiet = {
  connection_list: { connections: [] },
  app_info: { version: "1", hooks: "http://127.0.0.1:1", dataDir: "/data", notices: [] },
  stats: { buckets: [] },
  failure_groups: { groups: [] },
  delivery_groups: { groups: [] },
};
const group: FailureGroup = {
  code: "unknownMember",
  cause: "iMIS has no member with the ID that was sent",
  owner: "sender",
  count: 4,
  example: "99999",
  lastRunId: "r9",
  nextStep: "Find the right member, then run it again.",
  filter: {
    status: "failed",
    errorCode: "unknownMember",
    notRerun: true,
    from: "2026-05-27T00:00:00Z",
  },
  status: "failed",
};

test("says first whether all is well, then why", async () => {
  fakeServer({
    ...quiet,
    workflow_list: {
      workflows: [
        workflow({
          today: { received: 6, succeeded: 1204, failed: 4, rejected: 0 },
          lastReceivedAt: new Date().toISOString(),
          lastRuns: [
            { id: "r1", status: "succeeded" },
            { id: "r2", status: "failed" },
          ],
        }),
      ],
    },
    failure_groups: { groups: [group] },
  });
  const { user, router } = showAt(<DashboardPage />, "/", "/");
  expect(
    await screen.findByRole("heading", { level: 1, name: "The workflow is receiving." }),
  ).toBeVisible();
  expect(await screen.findByText(/4 runs need a look/)).toBeVisible();
  const card = screen.getByRole("region", { name: "Event check-in" });
  expect(within(card).getByText("1,204")).toBeVisible();
  expect(screen.getByText(/99999 · the sending app can mend this/)).toBeVisible();
  await user.click(within(card).getByRole("link", { name: "Failed, run 2 of 2" }));
  expect(router.state.location.pathname).toBe("/runs/r2");
});

test("a paused workflow is resumed with what waits", async () => {
  const fake = fakeServer({
    ...quiet,
    workflow_list: { workflows: [workflow({ status: "paused", queued: 14 })] },
    workflow_set_status: { status: "active" },
  });
  const { user } = showAt(<DashboardPage />);
  await user.click(await screen.findByRole("button", { name: "Resume and run 14" }));
  expect(fake.asked).toContainEqual({
    command: "workflow_set_status",
    request: { id: "w1", status: "active" },
  });
});

test("without a workflow it teaches and offers the tour", async () => {
  fakeServer({ ...quiet, workflow_list: { workflows: [] } });
  showAt(<DashboardPage />);
  expect(await screen.findByRole("link", { name: "Take the tour" })).toBeVisible();
});

test("runs that wait for a connection are told at the top", async () => {
  fakeServer({
    ...quiet,
    workflow_list: { workflows: [workflow({ connection: "Live iMIS" })] },
    connection_list: { connections: [site({ trouble: "iMIS refused the password." })] },
  });
  showAt(<DashboardPage />);
  expect(await screen.findByText("Runs for Live iMIS wait.")).toBeVisible();
  expect(
    screen.getByRole("heading", {
      level: 1,
      name: "The workflow is receiving, but runs for Live iMIS wait.",
    }),
  ).toBeVisible();
  expect(screen.queryByText(/Nothing needs you/)).toBeNull();
});

test("requests that were turned away are something to look at", async () => {
  const turnedAway = {
    workflowId: "w1",
    workflowName: "Event check-in",
    status: 401,
    count: 3,
    lastAt: new Date().toISOString(),
    reason: "The webhook URL or its token is invalid.",
  };
  fakeServer({
    ...quiet,
    workflow_list: { workflows: [workflow()] },
    delivery_groups: { groups: [turnedAway] },
  });
  const { user, router } = showAt(<DashboardPage />, "/", "*");
  expect(await screen.findByText(/3 requests were refused in the last day/)).toBeVisible();
  expect(screen.queryByText(/Nothing needs you/)).toBeNull();
  expect(screen.getByText(/its token is invalid · last/)).toBeVisible();
  await user.click(
    screen.getByRole("link", { name: "See requests that Event check-in answered 401" }),
  );
  expect(router.state.location.search).toBe("?view=refused&answer=401&workflow=w1");
});

test("a refusal is shown with a way to try again", async () => {
  const fake = fakeServer({
    ...quiet,
    workflow_list: () => {
      throw new Refusal(503, { code: "store", message: "The disk is full." });
    },
  });
  const { user } = showAt(<DashboardPage />);
  expect(await screen.findByText("The disk is full.")).toBeVisible();
  fake.answers.workflow_list = { workflows: [workflow()] };
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("The workflow is receiving.")).toBeVisible();
});

test("passwords that cannot be read are said once, with the click that tries again", async () => {
  const locked = {
    hasPassword: false,
    hasAnswered: true,
    trouble: "the keyring is locked",
    passwordTrouble: "the keyring is locked",
  };
  const fake = fakeServer({
    ...quiet,
    connection_list: {
      connections: [site({ ...locked, name: "Live iMIS" }), site({ ...locked, name: "Test iMIS" })],
    },
    workflow_list: { workflows: [workflow()] },
    secrets_retry: { ok: true },
  });
  const { user } = showAt(<DashboardPage />, "/", "/");
  expect(
    await screen.findByText("The passwords of Live iMIS and Test iMIS cannot be read."),
  ).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(await screen.findByText(/What waited goes on/)).toBeVisible();
  expect(fake.asked).toContainEqual({ command: "secrets_retry", request: {} });
});

test("a clock that is not believed is confirmed by a click", async () => {
  const clockAhead = "This computer's clock shows a date that is not believed.";
  const fake = fakeServer({
    ...quiet,
    app_info: { ...quiet.app_info, clockAhead, notices: ["Something else.", clockAhead] },
    workflow_list: { workflows: [workflow()] },
    clock_confirm: {},
  });
  const { user } = showAt(<DashboardPage />);
  expect(await screen.findByText(clockAhead)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "The date is right" }));
  expect(fake.asked).toContainEqual({ command: "clock_confirm", request: {} });
});

test("a group leads to exactly its runs", async () => {
  fakeServer({
    ...quiet,
    workflow_list: { workflows: [workflow()] },
    failure_groups: { groups: [group] },
  });
  const { user, router } = showAt(<DashboardPage />, "/", "/");
  await user.click(await screen.findByRole("link", { name: `See runs: ${group.cause}` }));
  expect(router.state.location.search).toBe(
    "?status=failed&cause=unknownMember&last=yes&from=2026-05-27T00%3A00%3A00Z",
  );
});
