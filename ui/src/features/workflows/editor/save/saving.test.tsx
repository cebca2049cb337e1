import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { DryRow } from "../../../../api/bindings";
import { Refusal } from "../../../../testing/fake";
import { checkInWorkflow } from "../../../../workflow/samples";
import { detail, saved, server, show } from "../testEditor";

const dryRow = (runId: string, outcome: "succeeded" | "failed", value: string): DryRow => ({
  runId,
  receivedAt: "2026-05-27T09:15:00Z",
  before: dryResult("succeeded", "KEYNOTE"),
  after: dryResult(outcome, value),
  changed: true,
});

const dryResult = (outcome: "succeeded" | "failed", value: string): DryRow["after"] => ({
  outcome,
  steps: [
    {
      actionId: "activity",
      name: "Insert Activity",
      type: "insertActivity",
      status: outcome,
      fields: [{ name: "Description", value }],
    },
  ],
});

test("publishing shows what would come out differently, and sends what is on the screen", async () => {
  const fake = server();
  fake.answers.workflow_dry_run = {
    rows: [dryRow("r1", "failed", "KEYNOTE"), dryRow("r2", "succeeded", "<script>x</script>")],
    untried: [],
    left: 3,
  };
  const { user } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Return 202 Accepted" }));
  await user.click(screen.getByRole("button", { name: "Publish v4" }));
  const sheet = await screen.findByRole("dialog", { name: "Publish version 4" });
  expect(within(sheet).getByText(/3 older payloads were not tried/)).toBeInTheDocument();
  const table = await within(sheet).findByRole("table", {
    name: "What would come out differently",
  });
  expect(within(sheet).getByText(/0 of 2 payloads come out the same, 1 new failure/)).toBeVisible();
  expect(within(table).getByText("New failure")).toBeVisible();
  expect(within(table).getByText("<script>x</script>")).toBeVisible();
  const words = within(sheet).getByRole("table", { name: "Differences between v3 and the editor" });
  expect(within(words).getByText("Return 202 Accepted")).toBeVisible();
  const compared = fake.asked.find(({ command }) => command === "workflow_compare");
  expect(compared?.request).toMatchObject({
    id: "w1",
    a: 3,
    file: { trigger: { return202Accepted: true } },
  });
  await user.click(within(sheet).getByRole("button", { name: "Publish version 4" }));
  expect(await screen.findByText("Version 4 is live.")).toBeVisible();
  expect(fake.asked.find(({ command }) => command === "workflow_save")?.request).toMatchObject({
    id: "w1",
    base: 3,
    publish: true,
    file: { trigger: { return202Accepted: true } },
  });
});

test("a version saved elsewhere meanwhile is shown before anything goes over it", async () => {
  const fake = server();
  fake.answers.workflow_save = ({ base }) => {
    if (base === 3) {
      throw new Refusal(409, {
        code: "newerVersion",
        message: "Version 4 was saved somewhere else.",
        details: { latestVersion: 4 },
      });
    }
    return saved(5);
  };
  const { user } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Omit Response Body" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  const dialog = await screen.findByRole("dialog", { name: "Version 4 was saved meanwhile" });
  expect(await within(dialog).findByText("Return 202 Accepted")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Save mine as version 5" }));
  expect(await screen.findByText("Saved as version 5.")).toBeVisible();
  const bases = fake.asked
    .filter(({ command }) => command === "workflow_save")
    .map(({ request }) => (request as { base: number }).base);
  expect(bases).toEqual([3, 4]);
});

test("what a crash left behind is offered, and taken or thrown away only when asked", async () => {
  const fake = server();
  const file = { ...checkInWorkflow("Check-in"), description: "half done" };
  fake.answers.draft_list = {
    drafts: [{ editor: "other", base: 2, file, savedAt: "2026-05-27T09:15:00Z" }],
  };
  const { user } = show("/workflows/w1?step=workflow");
  expect(await screen.findByText(/made to version 2; version 3 was saved since/)).toBeVisible();
  expect(screen.queryByText("Unsaved changes")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Restore them" }));
  expect(await screen.findByDisplayValue("half done")).toBeVisible();
  expect(screen.getByText("Unsaved changes")).toBeVisible();
  await waitFor(() => {
    expect(fake.asked).toContainEqual({ command: "draft_discard", request: { editor: "other" } });
  });
  await waitFor(
    () => {
      expect(fake.asked.find(({ command }) => command === "draft_save")?.request).toMatchObject({
        id: "w1",
        base: 2,
        file: { description: "half done" },
      });
    },
    { timeout: 3000 },
  );
});

test("leaving keeps what is unsaved, when told to", async () => {
  const fake = server();
  const { user, router } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Omit Response Body" }));
  await user.click(screen.getByRole("link", { name: "All workflows" }));
  const dialog = await screen.findByRole("dialog", { name: "Leave with unsaved changes?" });
  await user.click(within(dialog).getByRole("button", { name: "Keep for later" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/workflows");
  });
  expect(fake.asked.some(({ command }) => command === "draft_save")).toBe(true);
  expect(fake.asked.some(({ command }) => command === "draft_discard")).toBe(false);
});

test("a refused save says why and goes to the place", async () => {
  const fake = server();
  fake.answers.workflow_save = () => {
    throw new Refusal(400, {
      code: "badFile",
      message: "The schema is broken.",
      details: { path: "/actions/0/schema" },
    });
  };
  const { user, router } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Omit Response Body" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("The schema is broken.")).toBeVisible();
  expect(router.state.location.search).toBe("?step=validate");
});

test("an old version is restored as the newest, and undo brings back what was there", async () => {
  const fake = server();
  const { user } = show("/workflows/w1?step=workflow");
  await user.type(await screen.findByRole("textbox", { name: "Description" }), "mine");
  fake.answers.workflow_restore = saved(4);
  fake.answers.workflow_get = {
    ...detail,
    file: { ...checkInWorkflow("Check-in"), name: "Older" },
  };
  await user.click(screen.getByRole("button", { name: "More for this workflow" }));
  await user.click(await screen.findByRole("menuitem", { name: "Versions" }));
  await user.click(await screen.findByRole("button", { name: "Restore version 3" }));
  expect(await screen.findByText(/Version 3 is back, saved as version 4/)).toBeVisible();
  expect(fake.asked.find(({ command }) => command === "workflow_restore")?.request).toEqual({
    id: "w1",
    version: 3,
  });
  expect(screen.queryByText("Unsaved changes")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByDisplayValue("mine")).toBeVisible();
});

test("before a workflow writes to a real site, what is missing there is shown", async () => {
  const fake = server();
  fake.answers.workflow_check = ({ connection }) => ({
    problems:
      connection === "Main"
        ? [
            {
              path: "/actions/1/fields/Activity Type",
              actionId: "activity",
              field: "Activity Type",
              message: "iMIS has no activity type ATTEND.",
            },
          ]
        : [],
  });
  const { user, router } = show("/workflows/w1?step=workflow");
  await user.click(await screen.findByRole("button", { name: /^sandbox Connection|Connection$/ }));
  await user.click(await screen.findByRole("option", { name: "Main" }));
  expect(await screen.findByText("1 thing to look at before this writes to Main.")).toBeVisible();
  const asked = fake.asked.flatMap(({ command, request }) =>
    command === "workflow_check" ? [request as { connection?: string; refresh?: boolean }] : [],
  );
  expect(asked.find(({ connection }) => connection === "Main")?.refresh).toBe(true);
  await user.click(screen.getByRole("button", { name: "Publish v4" }));
  const sheet = await screen.findByRole("dialog", { name: "Publish version 4" });
  expect(within(sheet).getByText("Live iMIS: Main")).toBeVisible();
  expect(within(sheet).getByText("sandbox")).toBeVisible();
  await user.click(await within(sheet).findByRole("button", { name: /no activity type ATTEND/ }));
  expect(router.state.location.search).toBe("?step=activity");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a draft that writes to a real site is looked at before it is activated", async () => {
  const fake = server();
  fake.answers.workflow_get = {
    ...detail,
    workflow: { ...detail.workflow, status: "draft", version: 0 },
    file: { ...checkInWorkflow("Check-in"), connection: "Main" },
  };
  const { user } = show("/workflows/w1?step=activity");
  await user.click(await screen.findByRole("button", { name: "Save and activate" }));
  const sheet = await screen.findByRole("dialog", { name: "Save and activate" });
  expect(await within(sheet).findByText("Main has everything this workflow writes.")).toBeVisible();
  expect(within(sheet).getByText("activity type ATTEND", { exact: false })).toBeVisible();
  expect(fake.asked.some(({ command }) => command === "workflow_set_status")).toBe(false);
  await user.click(within(sheet).getByRole("button", { name: "Save and activate" }));
  expect(await screen.findByText("Active: deliveries are taken and run.")).toBeVisible();
});
