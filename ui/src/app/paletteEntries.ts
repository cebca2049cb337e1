import type { Run, WorkflowSummary } from "../api/bindings";
import type { IconName } from "../components/Icon";
import { common, palette as words, shell } from "../i18n/en";

/** Something the palette can do. */
export type Entry = {
  id: string;
  label: string;
  /** Smaller, at the end of the line. */
  note?: string;
  icon: IconName;
  /** Where it leads, or what it does. */
  to?: string;
  act?: Act;
};
export type Act = "pause" | "resume" | "theme" | "shortcuts";
export type Group = { id: string; title: string; entries: Entry[] };

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const mostWorkflows = 8;

const places: [section: Exclude<keyof typeof shell.nav, "label">, to: string][] = [
  ["dashboard", "/"],
  ["workflows", "/workflows"],
  ["runs", "/runs"],
  ["sender", "/sender"],
  ["sandbox", "/sandbox"],
  ["connections", "/connections"],
  ["settings", "/settings"],
];

/** What fits to what was typed, the likeliest first. `runs`: those that have it in their payload. */
export function entriesFor(typed: string, workflows: WorkflowSummary[], runs: Run[]): Group[] {
  const text = typed.trim();
  const has = (label: string) => label.toLowerCase().includes(text.toLowerCase());
  const searches = {
    id: "found",
    title: words.found,
    entries: text === "" ? [] : found(text, runs),
  };
  const named: Group[] = [
    {
      id: "workflows",
      title: words.workflows,
      entries: workflows
        .filter(({ name }) => has(name))
        .slice(0, mostWorkflows)
        .flatMap((workflow) => ofWorkflow(workflow)),
    },
    { id: "screens", title: words.screens, entries: screens().filter(({ label }) => has(label)) },
    { id: "actions", title: words.actions, entries: actions().filter(({ label }) => has(label)) },
  ];
  // A number is a member or a run; letters are more likely the name of something.
  const groups = /\d/.test(text) ? [searches, ...named] : [...named, searches];
  return groups.filter(({ entries }) => entries.length > 0);
}

function found(text: string, runs: Run[]): Entry[] {
  if (uuid.test(text)) {
    return [{ id: "run", icon: "runs", label: words.openRun(text), to: `/runs/${text}` }];
  }
  const query = encodeURIComponent(text);
  return [
    {
      id: "search",
      icon: "search",
      label: words.searchRuns(text),
      to: `/runs?search=${query}`,
    },
    ...runs.map(({ id, status, workflowName, receivedAt }) => ({
      id: `run ${id}`,
      icon: "runs" as const,
      label: words.run(common.status[status], workflowName),
      note: words.at(receivedAt),
      to: `/runs/${id}`,
    })),
    ...(/^\d+$/.test(text)
      ? [
          {
            id: "member",
            icon: "sandbox" as const,
            label: words.member(text),
            to: `/sandbox?member=${query}`,
          },
        ]
      : []),
  ];
}

function ofWorkflow({ id, name, status }: WorkflowSummary): Entry[] {
  return [
    {
      id: `workflow ${id}`,
      icon: "workflows",
      label: name,
      note: common.status[status],
      to: `/workflows/${id}`,
    },
    { id: `runs ${id}`, icon: "runs", label: words.runsOf(name), to: `/runs?workflow=${id}` },
  ];
}

function screens(): Entry[] {
  return [
    ...places.map(([section, to]): Entry => ({
      id: to,
      icon: section,
      label: shell.nav[section],
      to,
    })),
    { id: "new", icon: "plus", label: words.newWorkflow, to: "/workflows/new" },
    { id: "refused", icon: "shield", label: words.refused, to: "/runs?view=refused" },
    { id: "faults", icon: "question", label: words.faults, to: "/sandbox?view=faults" },
    { id: "guide", icon: "check", label: words.guide, to: "/guide" },
    { id: "tour", icon: "play", label: words.tour, to: "/welcome" },
  ];
}

function actions(): Entry[] {
  return [
    { id: "pause", icon: "pause", label: words.pauseAll, act: "pause" },
    { id: "resume", icon: "play", label: words.resumeAll, act: "resume" },
    { id: "theme", icon: "settings", label: words.theme, act: "theme" },
    { id: "shortcuts", icon: "question", label: words.shortcuts, note: "?", act: "shortcuts" },
  ];
}
