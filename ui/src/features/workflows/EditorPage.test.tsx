import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { WorkflowDetail } from "../../api/bindings";
import { fakeServer, Refusal, showAt } from "../../testing/fake";
import { checkInWorkflow } from "../../workflow/samples";
import { EditorPage } from "./EditorPage";

const detail: WorkflowDetail = {
  workflow: {
    id: "w1",
    key: "k",
    name: "Check-in",
    description: "",
    status: "active",
    connection: "sandbox",
    version: 3,
    latestVersion: 3,
    today: { received: 2, succeeded: 2, failed: 0, rejected: 0 },
    queued: 0,
    needsLook: 0,
    lastRuns: [],
    problems: 0,
  },
  file: checkInWorkflow("Check-in"),
  versions: [{ version: 3, savedAt: "2026-05-27T09:00:00Z", published: true }],
  problems: [],
};

function server() {
  return fakeServer({
    workflow_get: detail,
    workflow_check: { problems: [] },
    workflow_url: { url: "http://h/hooks/k/t", localUrl: "http://h/hooks/k/t" },
    workflow_save: { id: "w1", version: 4, url: "http://h/hooks/k/t", problems: [], changes: [] },
    workflow_set_status: { status: "active" },
    connection_list: { connections: [] },
    connection_metadata: { activityTypes: [], panels: [], fetchedAt: "2026-05-27T09:00:00Z" },
    run_list: { runs: [] },
    template_preview: { text: "12345", problems: [], unknown: [] },
  });
}

const show = (address: string) => showAt(<EditorPage />, address, "/workflows/:id");
const canvas = () => screen.findByRole("application", { name: "Canvas" });

test("a blank workflow is named, saved, and then has its URL", async () => {
  const fake = server();
  const { user, router } = show("/workflows/new");
  await user.type(await screen.findByRole("textbox", { name: /^Name/ }), "Mine");
  await user.click(within(await canvas()).getByRole("button", { name: /^Webhook/ }));
  expect(screen.getByText(/The URL is made when you save for the first time/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/workflows/w1");
  });
  expect(fake.asked.find(({ command }) => command === "workflow_save")?.request).toMatchObject({
    file: { name: "Mine", trigger: { type: "webhook" }, actions: [] },
    publish: false,
  });
  expect(await screen.findByText("http://h/hooks/k/t")).toBeVisible();
});

test("a change is marked, can be undone, and leaving with it asks", async () => {
  server();
  const { user, router } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Omit Response Body" }));
  expect(screen.getByText("Unsaved changes")).toBeVisible();
  await user.click(screen.getByRole("link", { name: "All workflows" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  expect(router.state.location.pathname).toBe("/workflows/w1");
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(screen.queryByText("Unsaved changes")).toBeNull();
});

test("publishing sends what is on the screen", async () => {
  const fake = server();
  const { user } = show("/workflows/w1");
  await user.click(await screen.findByRole("switch", { name: "Return 202 Accepted" }));
  await user.click(screen.getByRole("button", { name: "Publish v4" }));
  expect(await screen.findByText("Version 4 is live.")).toBeVisible();
  expect(fake.asked.find(({ command }) => command === "workflow_save")?.request).toMatchObject({
    id: "w1",
    publish: true,
    file: { trigger: { return202Accepted: true } },
  });
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

test("steps move, go and come back by keyboard", async () => {
  server();
  const { user } = show("/workflows/w1?step=activity");
  const titles = async () =>
    within(await canvas())
      .getAllByRole("button", { name: /Webhook|Validation|Insert Activity/ })
      .map((button) => button.dataset.card);
  const card = within(await canvas()).getByRole("button", { name: /^Insert Activity/ });
  card.focus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(await titles()).toEqual(["trigger", "activity", "validate"]);
  await user.keyboard("{Delete}");
  expect(await titles()).toEqual(["trigger", "validate"]);
  await user.keyboard("{Control>}zz{/Control}");
  expect(await titles()).toEqual(["trigger", "validate", "activity"]);
});

test("the list shows the same steps and orders them by keyboard", async () => {
  server();
  const { user } = show("/workflows/w1?step=activity&view=list");
  const tree = await screen.findByRole("treegrid", { name: "Steps" });
  const steps = () =>
    within(tree)
      .getAllByRole("row")
      .map(({ dataset }) => dataset.key);
  expect(steps()).toEqual(["validate", "activity"]);
  within(tree)
    .getByRole("row", { name: /Insert Activity/ })
    .focus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(steps()).toEqual(["activity", "validate"]);
  await user.keyboard("{Control>}d{/Control}");
  expect(steps()).toEqual(["activity", "activity2", "validate"]);
  await user.click(within(tree).getByRole("button", { name: "More for JSON Schema Validation" }));
  await user.click(await screen.findByRole("menuitem", { name: "Switch off" }));
  expect(await within(tree).findByText("Off")).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "Canvas" }));
  expect(await canvas()).toBeVisible();
});
