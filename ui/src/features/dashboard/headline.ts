import type { WorkflowSummary } from "../../api/bindings";
import { dashboard as words } from "../../i18n/en";

/** The answer to "is all well?" in one sentence. Archived workflows and drafts are not expected to receive. */
export function headline(workflows: WorkflowSummary[]): string {
  const expected = workflows.filter(({ status }) => status !== "archived" && status !== "draft");
  const active = expected.filter(({ status }) => status === "active").length;
  if (workflows.length === 0) return words.none;
  if (active === 0) return words.noneReceiving;
  if (active < expected.length) return words.someReceiving(active, expected.length);
  if (active === 1) return words.onlyReceiving;
  return active === 2 ? words.bothReceiving : words.allReceiving(active);
}

/** Busy ones first: receiving before paused before the rest, then the latest delivery. */
export function inOrder(workflows: WorkflowSummary[]): WorkflowSummary[] {
  const rank = ({ status }: WorkflowSummary) =>
    status === "active" ? 0 : status === "paused" ? 1 : 2;
  return workflows
    .filter(({ status }) => status !== "archived")
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (b.lastReceivedAt ?? "").localeCompare(a.lastReceivedAt ?? "") ||
        a.name.localeCompare(b.name),
    );
}
