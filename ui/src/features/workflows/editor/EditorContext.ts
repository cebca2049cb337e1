import { createContext, use } from "react";
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

export type Editing = {
  /** Undefined until the first save. */
  id: string | undefined;
  detail: WorkflowDetail | undefined;
  file: WorkflowFile;
  /** The version that is edited; 0 before the first save. */
  base: number;
  setBase: (version: number) => void;
  edit: (edit: Edit) => void;
  /** `workflow`, `trigger` or an action's id. */
  selected: string;
  select: (step: string, field?: string) => void;
  /** The selected action, those in loops too. */
  action: Action | undefined;
  problems: PlacedProblem[];
  metadata: Metadata | undefined;
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
  /** Where the next clicked value of the payload goes. */
  takeInto: (take: TakePath) => void;
  take: TakePath;
};

export const EditorContext = createContext<Editing | null>(null);

export function useEditor(): Editing {
  const editing = use(EditorContext);
  if (!editing) throw new Error("Only within the editor.");
  return editing;
}
