import type { Connection, Settings, WorkflowSummary } from "../../api/bindings";
import { guide as words } from "../../i18n/en";

/** One thing to do on the way to the first live workflow. */
export type GuideStep = {
  id: keyof typeof words.steps;
  done: boolean;
  /** Where it is done. */
  to: string;
};

/** What is known of the program; everything that a step needs to tick itself off. */
export type Known = {
  connections: Connection[];
  workflows: WorkflowSummary[];
  settings: Settings | undefined;
  handedOver: boolean;
};

/** The steps in order, each done or not as things are now. */
export function guideSteps({ connections, workflows, settings, handedOver }: Known): GuideStep[] {
  const sites = connections.filter(({ kind }) => kind !== "sandbox");
  const names = new Set(sites.map(({ name }) => name));
  const real = workflows.filter(({ connection }) => names.has(connection));
  const one = real.find(({ status }) => status === "active") ?? real[0];
  const editor = one ? `/workflows/${one.id}` : "/workflows";
  return [
    {
      id: "tried",
      done: workflows.some(({ lastRuns }) => lastRuns.some(({ status }) => status === "succeeded")),
      to: "/welcome",
    },
    {
      id: "connected",
      done: sites.some(({ hasPassword }) => hasPassword),
      to: "/connections?add=1",
    },
    {
      id: "usable",
      done: sites.some(({ hasPassword, trouble }) => hasPassword && trouble == null),
      to: "/connections",
    },
    { id: "chosen", done: real.some(({ problems }) => problems === 0), to: editor },
    {
      id: "reachable",
      done: settings?.publicBaseUrl != null,
      to: "/settings",
    },
    { id: "active", done: real.some(({ status }) => status === "active"), to: editor },
    {
      id: "tested",
      done: real.some(({ lastRuns }) => lastRuns.some(({ status }) => status === "succeeded")),
      to: one ? `/sender?workflow=${one.id}` : "/sender",
    },
    {
      id: "handedOver",
      done: handedOver,
      to: one ? `/workflows/${one.id}/handoff` : "/workflows",
    },
  ];
}
