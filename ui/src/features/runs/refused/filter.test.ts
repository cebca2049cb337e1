import { expect, test } from "vitest";
import { asRequest, readFilter, writeFilter } from "./filter";

test.each([
  ["view=refused", { limit: 100 }],
  ["view=refused&answer=401", { limit: 100, status: 401 }],
  ["view=refused&workflow=w1&after=d9", { limit: 100, workflowId: "w1", after: "d9" }],
])("%s asks for %j and is written the same", (address, request) => {
  const filter = readFilter(new URLSearchParams(address));
  expect(asRequest(filter)).toEqual(request);
  expect(writeFilter(filter).toString()).toBe(address);
});

test("an answer that is never given is no filter", () => {
  expect(asRequest(readFilter(new URLSearchParams("answer=418")))).toEqual({ limit: 100 });
});
