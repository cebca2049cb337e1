import { same } from "../../../json";
import type { WorkflowFile } from "../../../workflow/file";
import { apply, type FileEdit } from "./edits";

/** The draft workflow file with its history. Every change, from wherever, is an edit. */
export type Draft = {
  file: WorkflowFile;
  /** As it was last saved, or as it began. */
  saved: WorkflowFile;
  past: WorkflowFile[];
  future: WorkflowFile[];
  /** What the last edit was about: another one about the same joins it in one undo step. */
  last: string | undefined;
};

export type Edit =
  FileEdit | { kind: "saved"; file: WorkflowFile } | { kind: "undo" } | { kind: "redo" };

export function newDraft(file: WorkflowFile): Draft {
  return { file, saved: file, past: [], future: [], last: undefined };
}

export function isDirty(draft: Draft): boolean {
  return !same(draft.file, draft.saved);
}

export function reduce(draft: Draft, edit: Edit): Draft {
  switch (edit.kind) {
    case "undo": {
      const file = draft.past.at(-1);
      if (!file) return draft;
      const past = draft.past.slice(0, -1);
      return { ...draft, file, past, future: [draft.file, ...draft.future], last: undefined };
    }
    case "redo": {
      const [file, ...future] = draft.future;
      if (!file) return draft;
      return { ...draft, file, past: [...draft.past, draft.file], future, last: undefined };
    }
    case "saved":
      // The server may have rewritten legacy templates; what was typed meanwhile stays.
      return same(edit.file, draft.file)
        ? { ...draft, saved: edit.file, last: undefined }
        : { ...draft, saved: edit.file };
    default: {
      const file = apply(draft.file, edit);
      if (same(file, draft.file)) return draft;
      const about = topic(edit);
      const joins = about !== undefined && about === draft.last && draft.past.length > 0;
      return {
        ...draft,
        file,
        past: joins ? draft.past : [...draft.past, draft.file],
        future: [],
        last: about,
      };
    }
  }
}

/** Typing in one field is one undo step; everything else is its own. */
function topic(edit: Edit): string | undefined {
  if (edit.kind === "entry") return [edit.id, edit.member, edit.name].join("\n");
  if (edit.kind === "sample") return `sample\n${edit.name}`;
  if (edit.kind !== "workflow" && edit.kind !== "trigger" && edit.kind !== "action")
    return undefined;
  const [member, ...more] = Object.keys(edit.changes);
  const typed = member !== undefined && typeof edit.changes[member] !== "boolean";
  if (!typed || more.length > 0) return undefined;
  return [edit.kind, "id" in edit ? edit.id : "", member].join("\n");
}
