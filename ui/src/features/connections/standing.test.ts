import { expect, test } from "vitest";
import { connections as words } from "../../i18n/en";
import { site } from "../../testing/samples";
import { outstanding, standingOf } from "./standing";

const ready = site({ name: "Main" });
const unasked = { ...ready, hasAnswered: false };

test.each([
  ["ready", ready, undefined],
  ["ready", ready, "Other"],
  ["unasked", unasked, undefined],
  ["testFailed", ready, "Main"],
  ["trouble", { ...ready, passwordTrouble: "It is locked." }, undefined],
  ["noPassword", { ...unasked, hasPassword: false }, undefined],
  ["sandbox", { ...unasked, name: "sandbox", sandbox: true }, undefined],
])("%s", (expected, connection, failed) => {
  expect(standingOf(connection, failed)).toBe(expected);
});

test.each([
  [[ready, { ...ready, name: "B" }], "Both connections are ready."],
  [[ready, { ...unasked, name: "B" }], "B was not asked yet."],
  [
    [
      { ...ready, hasPassword: false },
      { ...unasked, name: "B" },
    ],
    "Main needs you.",
  ],
])("the title says what is outstanding", (connections, expected) => {
  expect(words.title(connections.length, outstanding(connections, undefined))).toBe(expected);
});
