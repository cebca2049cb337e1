import { expect, test } from "vitest";
import { step } from "../../testing/samples";
import { grouped, isDone } from "./loops";

test("steps of a loop are gathered by item, between those around it", () => {
  const steps = [
    step({ index: 0 }),
    step({ index: 1, item: 0 }),
    step({ index: 2, item: 0, status: "failed" }),
    step({ index: 3, item: 1, status: "carried" }),
    step({ index: 4 }),
  ];
  const brief = grouped(steps).map((group) =>
    "items" in group
      ? group.items
          .map((one) => `${one.item}:${one.steps.length}${isDone(one) ? "" : "!"}`)
          .join(" ")
      : "step",
  );
  expect(brief).toEqual(["step", "0:2! 1:1", "step"]);
});
