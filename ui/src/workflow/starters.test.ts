import { expect, test } from "vitest";
import { checkInWorkflow } from "./samples";
import { starter, starterNames } from "./starters";

test.each([...starterNames])("%s is there, with samples to try it with", (name) => {
  const file = starter(name);
  expect(file?.format).toBe("ihook.workflow/1");
  expect(file?.connection).toBe("sandbox");
  expect(file?.scenarios?.length).toBeGreaterThan(0);
});

test("each use has a file of its own", () => {
  const file = starter("generic");
  if (file) file.name = "changed";
  expect(starter("generic")?.name).not.toBe("changed");
});

test("a name that none has is none", () => {
  expect(starter("../secrets")).toBeUndefined();
});

test("the check-in is the tutorial's", () => {
  const { actions } = checkInWorkflow("");
  expect(starter("check-in")?.actions).toEqual(actions);
});
