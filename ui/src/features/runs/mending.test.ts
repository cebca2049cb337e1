import { expect, test } from "vitest";
import { hints } from "./mending";

test.each([
  [{ attendee: { firstName: "Ada", email: "ada@example.org" } }, ["ada@example.org", "Ada"]],
  [{ memberId: "1", checkInTime: "2026" }, []],
  [{ name: " " }, []],
  [null, []],
])("members are searched for what %j says", (payload, expected) => {
  expect(hints(payload)).toEqual(expected);
});
