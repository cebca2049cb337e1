import { expect, test } from "vitest";
import { run, workflow } from "../testing/samples";
import { entriesFor } from "./paletteEntries";

const id = "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
const labels = (typed: string, runs = [] as ReturnType<typeof run>[]) =>
  entriesFor(typed, [workflow()], runs).flatMap(({ entries }) => entries.map(({ label }) => label));

test.each([
  ["12345", "Runs with “12345” in the payload"],
  ["12345", "Member 12345 in the sandbox"],
  [id, `Open the run ${id}`],
  ["CHECK", "Event check-in"],
  ["check", "Runs of Event check-in"],
  ["sett", "Settings"],
  ["pause", "Pause all workflows"],
])("%s finds %s", (typed, label) => {
  expect(labels(typed)).toContain(label);
});

test("nothing typed shows everything there is to do, and no search", () => {
  expect(labels("")).toEqual(expect.arrayContaining(["Dashboard", "Keyboard shortcuts"]));
  expect(labels("").some((label) => label.startsWith("Runs with"))).toBe(false);
});

test("runs with the value are listed", () => {
  expect(labels("99999", [run("failed")])).toContain("Failed: Event check-in");
});
