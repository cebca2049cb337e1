import { asFile, type WorkflowFile } from "./file";

/** Workflow files to begin with, as they are: what they hold is tried against the sandbox by the tests. */
const files = import.meta.glob<unknown>("./starters/*.json", { eager: true, import: "default" });

/** In the order in which they are offered; a name is that of a file. */
export const starterNames = [
  "check-in",
  "registration",
  "session-attendance",
  "ceu-credit",
  "panel-record",
  "cvent",
  "eventbrite",
  "swapcard",
  "generic",
] as const;
export type StarterName = (typeof starterNames)[number];

/** A workflow to begin with; undefined for a name that none has. */
export function starter(name: string): WorkflowFile | undefined {
  const file = files[`./starters/${name}.json`];
  return file === undefined ? undefined : asFile(structuredClone(file));
}
