import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, showAt } from "../../testing/fake";
import { site, workflow } from "../../testing/samples";
import { ConnectionsPage } from "./ConnectionsPage";
import { faultsOf, formOf, orderOf, requestOf } from "./form";

const live = site({ timeZone: "America/Chicago" });
const metadata = { activityTypes: [], panels: [], fetchedAt: "2026-05-27T09:15:04Z" };

test("a new password is saved with the rest, tested, and forgotten here", async () => {
  const fake = fakeServer({
    connection_list: { connections: [live] },
    connection_metadata: metadata,
    connection_save: { connection: live },
    connection_test: {
      ok: false,
      checks: [{ name: "Log-in", ok: false, message: "The password is wrong." }],
    },
  });
  const { user } = showAt(<ConnectionsPage />, "/connections", "/connections");
  const password = await screen.findByLabelText(/^Password/);
  await user.type(password, "secret");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  expect(await screen.findByText("The password is wrong.")).toBeVisible();
  expect(fake.asked).toContainEqual({
    command: "connection_save",
    request: {
      name: "Live iMIS",
      baseUrl: "https://imis.example.org/",
      username: "ihook",
      password: "secret",
      timeZone: "America/Chicago",
      kind: "live",
      dateOrder: null,
      maxConcurrent: 1,
    },
  });
  await waitFor(() => {
    expect(password).toHaveValue("");
  });
});

test.each([
  ["everything", {}, []],
  ["no name", { name: " " }, ["name"]],
  ["a name in use", { name: "sandbox" }, ["name"]],
  ["no such zone", { timeZone: "Mars/Base" }, ["timeZone"]],
  ["no requests", { maxConcurrent: "0" }, ["maxConcurrent"]],
  ["a crooked pace", { writesPerMinute: "1.5" }, ["writesPerMinute"]],
  ["no account", { username: "", baseUrl: "" }, ["baseUrl", "username"]],
])("what keeps a form from being saved: %s", (_name, change, expected) => {
  const form = { ...formOf(live), ...change };
  expect(Object.keys(faultsOf(form, live, ["sandbox"]))).toEqual(expected);
});

test.each([
  ["https://imis.example.org/Asi.Scheduler_Demo", undefined],
  ["IMIS.example.org:443", undefined],
  ["http://imis.example.org", "Enter the password again: it belongs to the address before."],
  ["https://imis.example.org:8443", "Enter the password again: it belongs to the address before."],
  ["https://other.example.org", "Enter the password again: it belongs to the address before."],
])("the password that is kept serves %s: %s", (baseUrl, expected) => {
  expect(faultsOf({ ...formOf(live), baseUrl }, live, []).password).toBe(expected);
  expect(
    faultsOf({ ...formOf(live), baseUrl, password: "new" }, live, []).password,
  ).toBeUndefined();
});

test("the order of dates is shown, and chosen for the site", () => {
  const usual = formOf(live);
  expect(usual.dateOrder).toBe("zone");
  expect(orderOf(usual, live)).toBe("m/d");
  expect(orderOf({ ...usual, timeZone: "Australia/Sydney" }, live)).toBeUndefined();
  expect(requestOf({ ...usual, dateOrder: "d/m" }).dateOrder).toBe("d/m");
  expect(requestOf(usual).dateOrder).toBeNull();
  const chosen = site({ dateOrder: "d/m", dateOrderChosen: true });
  expect(formOf(chosen).dateOrder).toBe("d/m");
  expect(orderOf({ ...formOf(chosen), dateOrder: "zone" }, chosen)).toBeUndefined();
});

test("a new connection needs a password", () => {
  expect(faultsOf(formOf(undefined), undefined, [])).toHaveProperty("password");
});

test("a password that cannot be read is said, and one click tries again", async () => {
  const locked = { ...live, hasPassword: false, passwordTrouble: "the keyring is locked" };
  const fake = fakeServer({
    connection_list: { connections: [locked] },
    connection_metadata: metadata,
    workflow_list: { workflows: [] },
    secrets_retry: { ok: false, message: "the keyring is locked: unlock it" },
  });
  const { user } = showAt(<ConnectionsPage />, "/connections", "/connections");
  expect(await screen.findByRole("heading", { name: "Live iMIS needs you." })).toBeVisible();
  expect(screen.queryByText("No password")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(await screen.findByText("The keyring is locked: unlock it")).toBeVisible();
  fake.answers.secrets_retry = { ok: true };
  fake.answers.connection_list = { connections: [live] };
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(await screen.findByText(/What waited goes on/)).toBeVisible();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Try again now" })).toBeNull();
  });
});

test("a connection is deleted only when no workflow writes there", async () => {
  const fake = fakeServer({
    connection_list: { connections: [live] },
    connection_metadata: metadata,
    workflow_list: { workflows: [workflow({ connection: live.name })] },
    connection_delete: {},
  });
  const { user, client } = showAt(<ConnectionsPage />, "/connections", "/connections");
  const button = await screen.findByRole("button", { name: "Delete this connection…" });
  expect(await screen.findByRole("link", { name: "Event check-in" })).toBeVisible();
  expect(button).toBeDisabled();
  fake.answers.workflow_list = { workflows: [workflow({ connection: "sandbox" })] };
  await client.invalidateQueries();
  await waitFor(() => {
    expect(button).toBeEnabled();
  });
  await user.click(button);
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "connection_delete",
      request: { name: "Live iMIS" },
    });
  });
  expect(await screen.findByText("Live iMIS is deleted.")).toBeVisible();
});

test("secrets are listed with who asks for them, kept and forgotten, never shown", async () => {
  const fake = fakeServer({
    connection_list: { connections: [live] },
    secret_list: {
      secrets: [
        { name: "crm", isSet: true, usedBy: ["Event check-in"] },
        { name: "mail", isSet: false, usedBy: ["Event check-in"] },
      ],
    },
    secret_set: {},
  });
  const { user } = showAt(<ConnectionsPage />, "/connections?secrets=1", "/connections");
  expect(await screen.findByText("secret.crm")).toBeVisible();
  expect(screen.getByText("Missing")).toBeVisible();
  await user.type(screen.getByLabelText("Name"), "mail");
  await user.type(screen.getByLabelText("Value"), "s3cret");
  await user.click(screen.getByRole("button", { name: "Keep secret" }));
  expect(await screen.findByText("The secret mail is kept.")).toBeVisible();
  expect(screen.getByLabelText("Value")).toHaveValue("");
  await user.click(screen.getByRole("button", { name: "Forget crm" }));
  expect(await screen.findByText(/Still asked for by Event check-in/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Forget" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({ command: "secret_set", request: { name: "crm" } });
  });
});
