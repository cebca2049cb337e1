import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { canvas, server, show } from "./testEditor";

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

test("undo reaches back over the first save", async () => {
  const fake = server();
  const { user, router } = show("/workflows/new?from=generic");
  await user.type(await screen.findByRole("textbox", { name: /^Name/ }), "!");
  expect(screen.getByRole("heading", { name: /Activity!$/ })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/workflows/w1");
  });
  expect(fake.asked.some(({ command }) => command === "workflow_save")).toBe(true);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("heading", { name: /Activity$/ })).toBeVisible();
});

test("pasted placeholders of the old form are rewritten, and told", async () => {
  server();
  const { user } = show("/workflows/w1?step=activity");
  // The editor of the field comes in a chunk of its own.
  const slow = { timeout: 15_000 };
  const field = await screen.findByRole("textbox", { name: "Description" }, slow);
  await user.click(field);
  await user.paste("$$sessionCode$$");
  expect(
    await screen.findByText(
      /Rewritten: \$\$sessionCode\$\$ → \{\{ input.sessionCode \}\}/,
      {},
      slow,
    ),
  ).toBeVisible();
});

test("a schema is made from chosen and pasted payloads, and says why", async () => {
  const fake = server();
  fake.answers.schema_from_samples = {
    schema: { type: "object", properties: { vip: { type: "boolean" } }, required: ["vip"] },
    evidence: [
      {
        path: "/vip",
        type: "boolean",
        present: 2,
        blank: 0,
        total: 2,
        required: true,
        sure: false,
        note: "seen in 2 of 2 samples, required because this workflow uses it",
      },
    ],
  };
  const { user } = show("/workflows/w1?step=validate");
  await user.click(await screen.findByRole("button", { name: "From samples…" }));
  const sheet = await screen.findByRole("dialog", { name: "From samples…" });
  await user.click(within(sheet).getByRole("button", { name: "Look at them" }));
  expect(await within(sheet).findByText(/^seen in 2 of 2 samples, required/)).toBeVisible();
  const asked = fake.asked.find(({ command }) => command === "schema_from_samples");
  expect(asked?.request).toHaveProperty("file.actions");
  expect(within(sheet).getByText("true or false")).toBeVisible();
  await user.click(within(sheet).getByRole("button", { name: "Use this schema" }));
  await user.click(await screen.findByRole("radio", { name: "In words" }));
  const lines = screen.getByRole("table", { name: "The schema in words" });
  expect(within(lines).getByRole("row", { name: "vip true or false required" })).toBeVisible();
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
