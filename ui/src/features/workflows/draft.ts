import {
  nested,
  type Action,
  type ActionType,
  type Json,
  type WorkflowFile,
} from "../../workflow/file";
import type { Path } from "../../workflow/path";

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

/** Members to set; `undefined` removes one. */
type Changes = Record<string, unknown>;

export type Edit =
  | { kind: "workflow"; changes: Changes }
  | { kind: "trigger"; changes: Changes }
  | { kind: "action"; id: string; changes: Changes }
  /** One entry of an object member, such as a field of `fields`; `undefined` removes it. */
  | { kind: "entry"; id: string; member: string; name: string; value: string | undefined }
  | { kind: "add"; id: string; type: ActionType; at: number; within?: string }
  | { kind: "move"; id: string; by: -1 | 1 }
  | { kind: "duplicate"; id: string; as: string }
  | { kind: "remove"; id: string }
  | { kind: "sample"; name: string; payload: unknown }
  | { kind: "restore"; file: WorkflowFile }
  | { kind: "saved"; file: WorkflowFile }
  | { kind: "undo" }
  | { kind: "redo" };

const longestPast = 200;

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
        past: joins ? draft.past : [...draft.past, draft.file].slice(-longestPast),
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

function apply(
  file: WorkflowFile,
  edit: Exclude<Edit, { kind: "undo" | "redo" | "saved" }>,
): WorkflowFile {
  switch (edit.kind) {
    case "workflow":
      return change(file, edit.changes);
    case "trigger":
      return { ...file, trigger: change(file.trigger, edit.changes) };
    case "restore":
      return edit.file;
    case "sample":
      return { ...file, scenarios: upsert(file.scenarios ?? [], edit) };
    default:
      return { ...file, actions: inList(file.actions, edit) };
  }
}

type ListEdit = Extract<
  Edit,
  { kind: "action" | "entry" | "add" | "move" | "duplicate" | "remove" }
>;

/** Does the edit in this list, or in the loop of it that holds the action. */
function inList(actions: Action[], edit: ListEdit): Action[] {
  const here =
    edit.kind === "add" ? edit.within === undefined : actions.some(({ id }) => id === edit.id);
  if (here) return editList(actions, edit);
  return actions.map((action) => {
    if (edit.kind === "add" && action.id === edit.within) {
      const { within: _within, ...inside } = edit;
      return { ...action, actions: editList(nested(action), inside) };
    }
    return action.type === "forEach" && !(edit.kind === "add")
      ? change(action, { actions: inList(nested(action), edit) })
      : action;
  });
}

function editList(actions: Action[], edit: ListEdit): Action[] {
  const at = actions.findIndex(({ id }) => id === edit.id);
  const found = actions[at];
  if (edit.kind === "add") {
    return actions.toSpliced(edit.at, 0, newAction(edit.type, edit.id));
  }
  if (!found) return actions;
  switch (edit.kind) {
    case "action":
      return actions.with(at, change(found, edit.changes));
    case "entry": {
      const entries = change(found[edit.member] as Json | undefined, { [edit.name]: edit.value });
      return actions.with(at, change(found, { [edit.member]: entries }));
    }
    case "move": {
      const to = at + edit.by;
      if (to < 0 || to >= actions.length) return actions;
      return actions.toSpliced(at, 1).toSpliced(to, 0, found);
    }
    case "duplicate":
      return actions.toSpliced(at + 1, 0, copy(found, edit.as));
    case "remove":
      return actions.toSpliced(at, 1).map((action) => withoutJump(action, edit.id));
  }
}

/** Nested actions get new ids too: an id is unique in the whole file. */
function copy(action: Action, id: string): Action {
  const inside = nested(action);
  return inside.length === 0
    ? { ...action, id }
    : { ...action, id, actions: inside.map((each) => copy(each, `${id}-${each.id}`)) };
}

/** A jump to what is gone would make the file one that cannot be saved. */
function withoutJump(action: Action, gone: string): Action {
  const jumps = ["onFailure", "whenDisabled", "outcome"].filter(
    (member) => (action[member] as { goTo?: string } | undefined)?.goTo === gone,
  );
  return jumps.length === 0
    ? action
    : change(action, Object.fromEntries(jumps.map((member) => [member, undefined])));
}

const beginnings: Record<ActionType, Json> = {
  jsonSchemaValidation: { schema: "" },
  insertActivity: { fields: { ID: "", "Activity Type": "", "Transaction Date": "" } },
  insertPanelRecord: { panel: "", fields: {} },
  gate: { expression: "" },
  alreadyRecorded: { match: {}, outputProperty: "found" },
  imisGet: { path: "", query: {}, outputProperty: "answer" },
  forEach: { list: "", as: "item", actions: [] },
  httpRequest: { method: "GET", url: "", headers: {}, failOn: ["4xx", "5xx"] },
  notify: { title: "", message: "" },
};

function newAction(type: ActionType, id: string): Action {
  return { id, type, ...structuredClone(beginnings[type]) };
}

const shortNames: Record<ActionType, string> = {
  jsonSchemaValidation: "validate",
  insertActivity: "activity",
  insertPanelRecord: "panel",
  gate: "gate",
  alreadyRecorded: "recorded",
  imisGet: "get",
  forEach: "each",
  httpRequest: "request",
  notify: "notify",
};

/** An id that no action has yet: `activity`, `activity2`, … */
export function freeId(type: ActionType, taken: string[]): string {
  const front = shortNames[type];
  for (let number = 1; ; number++) {
    const id = number === 1 ? front : `${front}${number}`;
    if (!taken.includes(id)) return id;
  }
}

function upsert(
  scenarios: NonNullable<WorkflowFile["scenarios"]>,
  { name, payload }: { name: string; payload: unknown },
) {
  const at = scenarios.findIndex((scenario) => scenario.name === name);
  const found = scenarios[at];
  return found ? scenarios.with(at, { ...found, payload }) : [...scenarios, { name, payload }];
}

function change<T extends Json>(object: T | undefined, changes: Changes): T {
  const entries = Object.entries({ ...object, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as T;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What a problem's JSON pointer points at: `trigger`, `workflow` or an action's id, and the field there. */
export function placeOf(file: WorkflowFile, pointer: string): { step: string; field?: string } {
  const path: Path = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [member, ...rest] = path;
  if (member === "trigger") return place("trigger", rest[0]);
  if (member !== "actions") return place("workflow", member);
  let list = file.actions;
  let found: Action | undefined;
  while (rest.length > 0 && (found === undefined || rest[0] === "actions")) {
    if (found !== undefined) {
      rest.shift();
      list = nested(found);
    }
    const action = list[Number(rest[0])];
    if (!action) break;
    found = action;
    rest.shift();
  }
  if (!found) return { step: "workflow" };
  return place(found.id, rest.length > 1 && isEntries(rest[0]) ? rest[1] : rest[0]);
}

function isEntries(member: string | number | undefined): boolean {
  return ["fields", "match", "query", "headers"].includes(String(member));
}

function place(step: string, field: string | number | undefined): { step: string; field?: string } {
  return field === undefined ? { step } : { step, field: String(field) };
}
