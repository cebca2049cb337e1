import { expect, test } from "vitest";
import type { Live } from "./live";
import { receiving, type Receiving } from "./receiving";

type Counts = [taking: number, paused: number, refusing: number];

test.each<[Live, Counts | undefined, Receiving]>([
  ["live", [1, 1, 1], "live"],
  ["live", [0, 1, 1], "refusing"],
  ["live", [0, 2, 0], "paused"],
  ["live", [0, 0, 0], "idle"],
  ["live", undefined, "live"],
  ["lost", [0, 1, 1], "lost"],
  ["connecting", [0, 0, 0], "connecting"],
])("events %s; taking, paused, refusing %j: %s", (live, counts, said) => {
  const [taking, paused, refusing] = counts ?? [0, 0, 0];
  expect(receiving(live, counts && { taking, paused, refusing })).toBe(said);
});
