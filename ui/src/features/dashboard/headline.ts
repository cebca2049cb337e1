import type { Connection, WorkflowSummary } from "../../api/bindings";
import { dashboard as words } from "../../i18n/en";
import { list } from "../../i18n/format";

/** Connections in use by active workflows whose runs wait, because the site or its password cannot be used. */
export function waitedFor(workflows: WorkflowSummary[], connections: Connection[]): string[] {
  const used = new Set(
    workflows.filter(({ status }) => status === "active").map(({ connection }) => connection),
  );
  return connections
    .filter(({ name, trouble }) => trouble !== undefined && used.has(name))
    .map(({ name }) => name);
}

/**
 * The answer to "is all well?" in one sentence: who receives, and the connections that are `waited` for. Archived
 * workflows and drafts are not expected to receive.
 */
export function headline(workflows: WorkflowSummary[], waited: string[] = []): string {
  const sentence = receiving(workflows);
  return waited.length === 0 ? sentence : words.butWait(sentence, list(waited));
}

function receiving(workflows: WorkflowSummary[]): string {
  const expected = workflows.filter(({ status }) => status !== "archived" && status !== "draft");
  const active = expected.filter(
    ({ status, refusing }) => status === "active" && refusing === undefined,
  ).length;
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
