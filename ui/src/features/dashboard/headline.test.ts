import { expect, test } from "vitest";
import type { WorkflowStatus } from "../../api/bindings";
import { site, workflow } from "../../testing/samples";
import { headline, inOrder, waitedFor } from "./headline";

test.each<[WorkflowStatus[], string]>([
  [[], "No workflow yet."],
  [["active"], "The workflow is receiving."],
  [["active", "active"], "Both workflows are receiving."],
  [["active", "active", "active"], "All 3 workflows are receiving."],
  [["active", "paused", "active"], "2 of 3 workflows are receiving."],
  [["active", "disabled"], "1 of 2 workflows is receiving."],
  [["paused"], "No workflow is receiving."],
  [["active", "draft", "archived"], "The workflow is receiving."],
])("%j: %s", (statuses, expected) => {
  expect(headline(statuses.map((status) => workflow({ status })))).toBe(expected);
});

test.each<[string[], string[], string]>([
  [["A"], ["B"], "The workflow is receiving."],
  [["A"], ["A"], "The workflow is receiving, but runs for A wait."],
  [["A", "B"], ["A", "B"], "Both workflows are receiving, but runs for A and B wait."],
])("workflows for %j with trouble at %j: %s", (used, troubled, expected) => {
  const workflows = used.map((connection) => workflow({ connection }));
  const connections = troubled.map((name) => site({ name, trouble: "iMIS does not answer." }));
  expect(headline(workflows, waitedFor(workflows, connections))).toBe(expected);
});

test("busy workflows come first and archived ones not at all", () => {
  const all = [
    workflow({ id: "draft", status: "draft" }),
    workflow({ id: "old", status: "archived" }),
    workflow({ id: "paused", status: "paused" }),
    workflow({ id: "earlier", lastReceivedAt: "2026-05-27T09:00:00Z" }),
    workflow({ id: "later", lastReceivedAt: "2026-05-27T10:00:00Z" }),
  ];
  expect(inOrder(all).map(({ id }) => id)).toEqual(["later", "earlier", "paused", "draft"]);
});

test("a workflow that refuses what comes is not receiving", () => {
  const refusing = workflow({ refusing: { kind: "version" } });
  expect(headline([refusing])).toBe("No workflow is receiving.");
  expect(headline([refusing, workflow()])).toBe("1 of 2 workflows is receiving.");
});
