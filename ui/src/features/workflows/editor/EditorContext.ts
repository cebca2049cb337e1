import { createContext, use, type Context } from "react";
import type { Commands, PreviewField, StepError, WorkflowDetail } from "../../../api/bindings";
import type { Action, Json, WorkflowFile } from "../../../workflow/file";
import type { Path } from "../../../workflow/path";
import type { Edit } from "./draft";
import type { SampleChoice } from "./sample/samples";
import type { Made } from "./sample/useMade";

type Metadata = Commands["connection_metadata"]["response"];

/** A problem with the place it is about. `blocks`: the file cannot be saved so. */
export type PlacedProblem = { step: string; field?: string; message: string; blocks: boolean };

/** Takes a place of the payload into the field that had the focus last. */
export type TakePath = (path: Path) => void;

/** Which workflow is open, and the version that is edited: changes when one is saved or loaded. */
export type Opened = {
  /** Undefined until the first save. */
  id: string | undefined;
  detail: WorkflowDetail | undefined;
  /** The version that is edited; 0 before the first save. */
  base: number;
  setBase: (version: number) => void;
};

/** The file as it is edited: changes with every key. */
export type Edited = { file: WorkflowFile; edit: (edit: Edit) => void };

/** Whose properties are shown. */
export type Selection = {
  /** `workflow`, `trigger` or an action's id. */
  selected: string;
  select: (step: string, field?: string) => void;
  /** The selected action, those in loops too. */
  action: Action | undefined;
};

/** What the server and the site say of the file: comes a moment after an edit. */
type Checks = { problems: PlacedProblem[]; metadata: Metadata | undefined };

/** The sample in use and what comes of it. */
type Trial = {
  samples: SampleChoice[];
  sample: SampleChoice | undefined;
  chooseSample: (id: string) => void;
  /** What previews are made with: the sample, and stand-ins for what earlier steps put out. */
  pipeline: Json;
  /** Names in it whose members nobody can know before the workflow ran. */
  open: ReadonlySet<string>;
  /** What the selected step would be for the sample; undefined while nobody knows. */
  fields: PreviewField[] | undefined;
  made: Made;
  /** Why the selected validation would refuse the sample. */
  error: StepError | undefined;
};

/** Where a clicked value of the payload goes: never changes. */
export type Target = { takeInto: (take: TakePath) => void; take: TakePath };

/** All of it, each part for itself: what draws one part is not drawn again for another. */
export type Editing = {
  opened: Opened;
  edited: Edited;
  selection: Selection;
  checks: Checks;
  trial: Trial;
  target: Target;
};

type Parts = { [Part in keyof Editing]: Context<Editing[Part] | null> };

export const parts: Parts = {
  opened: createContext<Opened | null>(null),
  edited: createContext<Edited | null>(null),
  selection: createContext<Selection | null>(null),
  checks: createContext<Checks | null>(null),
  trial: createContext<Trial | null>(null),
  target: createContext<Target | null>(null),
};

function usePart<T>(part: Context<T | null>): T {
  const value = use(part);
  if (value === null) throw new Error("Only within the editor.");
  return value;
}

export const useOpened = () => usePart(parts.opened);
export const useDraft = () => usePart(parts.edited);
export const useSelection = () => usePart(parts.selection);
export const useChecks = () => usePart(parts.checks);
export const useTrial = () => usePart(parts.trial);
export const useTarget = () => usePart(parts.target);
