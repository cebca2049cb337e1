import { expect, test } from "vitest";
import type { Connection } from "../../api/bindings";
import { workflow } from "../../testing/samples";
import { guideSteps, type Known } from "./steps";

const site = { name: "Live iMIS", kind: "live", hasPassword: true } as Connection;
const nothing: Known = { connections: [], workflows: [], settings: undefined, handedOver: false };
const real = workflow({
  connection: "Live iMIS",
  lastRuns: [{ id: "r1", status: "succeeded" }],
});

function check(known: Partial<Known>): string {
  return guideSteps({ ...nothing, ...known })
    .flatMap(({ id, done }) => (done ? [id] : []))
    .join(" ");
}

test.each<[string, Partial<Known>, string]>([
  ["nothing yet", {}, ""],
  ["the tour was taken", { workflows: [{ ...real, connection: "sandbox" }] }, "tried"],
  ["a site was added", { connections: [site] }, "connected usable"],
  ["its password is refused", { connections: [{ ...site, trouble: "No." }] }, "connected"],
  [
    "a workflow writes to it",
    { connections: [site], workflows: [{ ...real, status: "draft", lastRuns: [] }] },
    "connected usable chosen",
  ],
  [
    "and has recorded something",
    { connections: [site], workflows: [real], handedOver: true },
    "tried connected usable chosen active tested handedOver",
  ],
])("%s", (_name, known, expected) => {
  expect(check(known)).toBe(expected);
});
