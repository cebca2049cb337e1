import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Connection } from "../../api/bindings";
import { fakeServer, showAt } from "../../testing/fake";
import { ConnectionsPage } from "./ConnectionsPage";
import { faultsOf, formOf } from "./form";

const live: Connection = {
  name: "Live iMIS",
  baseUrl: "https://imis.example.org/",
  username: "ihook",
  timeZone: "America/Chicago",
  maxConcurrent: 1,
  kind: "live",
  sandbox: false,
  hasPassword: true,
  warnings: [],
};
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
  expect(Object.keys(faultsOf(form, true, ["sandbox"]))).toEqual(expected);
});

test("a new connection needs a password", () => {
  expect(faultsOf(formOf(undefined), false, [])).toHaveProperty("password");
});
