import { formatWhen, plural } from "../format";

export const palette = {
  title: "Find or do something",
  label: "A run, a member, a workflow or a screen",
  results: "What fits",
  none: "Nothing fits. Try a member ID, a run's id, or a part of a workflow's name.",
  found: "Runs",
  workflows: "Workflows",
  screens: "Screens",
  actions: "Actions",
  openRun: (id: string) => `Open the run ${id}`,
  searchRuns: (text: string) => `Runs with “${text}” in the payload`,
  run: (status: string, workflow: string) => `${status}: ${workflow}`,
  at: (iso: string) => formatWhen(iso),
  member: (id: string) => `Member ${id} in the sandbox`,
  runsOf: (workflow: string) => `Runs of ${workflow}`,
  newWorkflow: "New workflow",
  refused: "Refused requests",
  faults: "The sandbox's faults",
  guide: "Guide: my first live workflow",
  tour: "The tour",
  pauseAll: "Pause all workflows",
  resumeAll: "Resume all workflows",
  paused: (count: number) =>
    count === 0
      ? "No workflow was active."
      : `${plural(count, "workflow")} paused. What comes in waits.`,
  resumed: (count: number) =>
    count === 0 ? "No workflow was paused." : `${plural(count, "workflow")} resumed.`,
  theme: "Change between light and dark",
  shortcuts: "Keyboard shortcuts",
} as const;
