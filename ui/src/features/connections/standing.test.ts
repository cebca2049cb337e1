import { expect, test } from "vitest";
import type { Connection } from "../../api/bindings";
import { connections as words } from "../../i18n/en";
import { outstanding, standingOf } from "./standing";

const site: Connection = {
  name: "Main",
  baseUrl: "https://imis.example.org/",
  username: "ihook",
  timeZone: "UTC",
  maxConcurrent: 1,
  kind: "live",
  sandbox: false,
  hasPassword: true,
  hasAnswered: true,
  warnings: [],
};
const unasked = { ...site, hasAnswered: false };

test.each([
  ["ready", site, undefined],
  ["ready", site, "Other"],
  ["unasked", unasked, undefined],
  ["testFailed", site, "Main"],
  ["trouble", { ...site, passwordTrouble: "It is locked." }, undefined],
  ["noPassword", { ...unasked, hasPassword: false }, undefined],
  ["sandbox", { ...unasked, name: "sandbox", sandbox: true }, undefined],
])("%s", (expected, connection, failed) => {
  expect(standingOf(connection, failed)).toBe(expected);
});

test.each([
  [[site, { ...site, name: "B" }], "Both connections are ready."],
  [[site, { ...unasked, name: "B" }], "B was not asked yet."],
  [
    [
      { ...site, hasPassword: false },
      { ...unasked, name: "B" },
    ],
    "Main needs you.",
  ],
])("the title says what is outstanding", (connections, expected) => {
  expect(words.title(connections.length, outstanding(connections, undefined))).toBe(expected);
});
