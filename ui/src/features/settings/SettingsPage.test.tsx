import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeServer, showAt } from "../../testing/fake";
import { faultsOf, requestOf } from "./form";
import { SettingsPage } from "./SettingsPage";

const settings = {
  maxBodyBytes: 1_048_576,
  retentionDays: 90,
  retentionMaxMegabytes: 20000,
  trustedProxies: [],
  proxyHeader: "xForwardedFor" as const,
  allowPrivateAddresses: [],
  closeToTray: true,
  startAtLogin: false,
};
/** What the form holds; the rest is changed elsewhere. */
const { closeToTray: _tray, startAtLogin: _login, ...typed } = settings;
const blank = {
  publicBaseUrl: "",
  maxBody: "1",
  retention: "90",
  retentionSize: "20000",
  trustedProxies: "",
  proxyHeader: "xForwardedFor" as const,
  allowPrivateAddresses: "",
  outgoing: "system" as const,
  outgoingAddress: "",
};

test("the theme changes at once and is remembered", async () => {
  fakeServer({ settings_get: { settings, warnings: [], faults: [] }, audit_list: { entries: [] } });
  const { user } = showAt(<SettingsPage />);
  await user.click(await screen.findByRole("radio", { name: "Dark" }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  await user.click(screen.getByRole("radio", { name: "Like this computer" }));
  expect(document.documentElement.dataset.theme).toBe("system");
});

test("settings are saved together", async () => {
  const fake = fakeServer({
    settings_get: { settings, warnings: [], faults: [] },
    settings_save: { settings: { ...settings, retentionDays: 30 }, warnings: [], faults: [] },
    audit_list: { entries: [] },
  });
  const { user } = showAt(<SettingsPage />);
  const days = await screen.findByLabelText("Keep runs for, days");
  await user.clear(days);
  await user.type(days, "30");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "settings_save",
      request: {
        settings: { ...typed, publicBaseUrl: null, outgoingProxy: null, retentionDays: 30 },
      },
    });
  });
});

test("settings that cannot be read are said, and saved anew as they stand", async () => {
  const fault =
    "The setting retentionDays cannot be read. Until it is saved anew, nothing is removed.";
  const fake = fakeServer({
    settings_get: { settings, warnings: [], faults: [fault] },
    settings_save: { settings, warnings: [], faults: [] },
    audit_list: { entries: [] },
  });
  const { user } = showAt(<SettingsPage />);
  expect(await screen.findByRole("alert")).toHaveTextContent(fault);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "settings_save",
      request: { settings: { ...typed, publicBaseUrl: null, outgoingProxy: null } },
    });
  });
});

test.each([
  [{}, []],
  [{ publicBaseUrl: "hooks.example.org" }, ["publicBaseUrl"]],
  [{ publicBaseUrl: "https://h.example.org", maxBody: "201" }, ["maxBody"]],
  [{ maxBody: "", retention: "1.5" }, ["maxBody", "retention"]],
  [{ retentionSize: "0" }, ["retentionSize"]],
  [{ trustedProxies: "10.0.0.0/8\n::1, fd00::/8" }, []],
  [{ outgoing: "own" as const, outgoingAddress: "https://proxy.example.org" }, []],
  [{ outgoing: "own" as const }, ["outgoingAddress"]],
  [{ outgoing: "own" as const, outgoingAddress: "proxy:3128" }, ["outgoingAddress"]],
  [{ outgoing: "own" as const, outgoingAddress: "http://u:p@proxy:3128" }, ["outgoingAddress"]],
  [
    { trustedProxies: "proxy.local", allowPrivateAddresses: "10.0.0.5 x" },
    ["trustedProxies", "allowPrivateAddresses"],
  ],
])("%j is wrong in %j", (change, expected) => {
  expect(Object.keys(faultsOf({ ...blank, ...change }))).toEqual(expected);
});

test("sizes are sent in bytes and lists line by line", () => {
  const form = {
    publicBaseUrl: " https://h.example.org ",
    maxBody: "0.5",
    retention: "7",
    retentionSize: "500",
    trustedProxies: "10.0.0.5\n\n10.1.0.0/16",
    proxyHeader: "forwarded" as const,
    allowPrivateAddresses: "",
    outgoing: "own" as const,
    outgoingAddress: " http://proxy.example.org:3128 ",
  };
  expect(requestOf(form)).toEqual({
    settings: {
      publicBaseUrl: "https://h.example.org",
      maxBodyBytes: 524_288,
      retentionDays: 7,
      retentionMaxMegabytes: 500,
      trustedProxies: ["10.0.0.5", "10.1.0.0/16"],
      proxyHeader: "forwarded",
      allowPrivateAddresses: [],
      outgoingProxy: "http://proxy.example.org:3128",
    },
  });
});

test.each([
  [{ outgoing: "none" as const, outgoingAddress: "nonsense" }, "none"],
  [{ outgoing: "system" as const }, null],
])("%j is sent as %j", (change, expected) => {
  expect(requestOf({ ...blank, ...change }).settings).toHaveProperty("outgoingProxy", expected);
});

test("a proxy of one's own is chosen by its address", async () => {
  const fake = fakeServer({
    settings_get: { settings, warnings: [], faults: [] },
    settings_save: { settings, warnings: [], faults: [] },
    audit_list: { entries: [] },
  });
  const { user } = showAt(<SettingsPage />);
  await user.click(await screen.findByRole("button", { name: /Outgoing proxy/ }));
  await user.click(screen.getByRole("option", { name: "The one at this address" }));
  await user.type(screen.getByLabelText("Address of the proxy"), "http://proxy.example.org:3128");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(fake.asked).toContainEqual({
      command: "settings_save",
      request: {
        settings: {
          ...typed,
          publicBaseUrl: null,
          outgoingProxy: "http://proxy.example.org:3128",
        },
      },
    });
  });
});
