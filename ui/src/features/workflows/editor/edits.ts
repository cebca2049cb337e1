import {
  allActions,
  nested,
  type Action,
  type ActionType,
  type Json,
  type WorkflowFile,
} from "../../../workflow/file";
import { newAction } from "./steps/newAction";

/** Members to set; `undefined` removes one. */
type Changes = Record<string, unknown>;

/** A change of the file. Every way to make one, by mouse or by keyboard, is one of these. */
export type FileEdit =
  | { kind: "workflow"; changes: Changes }
  | { kind: "trigger"; changes: Changes }
  | { kind: "action"; id: string; changes: Changes }
  /** One entry of an object member, such as a field of `fields`; `undefined` removes it. */
  | { kind: "entry"; id: string; member: string; name: string; value: string | undefined }
  | { kind: "add"; id: string; type: ActionType; at: number; within?: string }
  | { kind: "move"; id: string; by: -1 | 1 }
  /** To the place before which `at` steps of that list stand now; `within` a loop or in the main list. */
  | { kind: "place"; id: string; at: number; within?: string }
  | { kind: "duplicate"; id: string; as: string }
  | { kind: "remove"; id: string }
  | { kind: "sample"; name: string; payload: unknown }
  | { kind: "restore"; file: WorkflowFile };

export function apply(file: WorkflowFile, edit: FileEdit): WorkflowFile {
  switch (edit.kind) {
    case "workflow":
      return change(file, edit.changes);
    case "trigger":
      return { ...file, trigger: change(file.trigger, edit.changes) };
    case "restore":
      return edit.file;
    case "sample":
      return { ...file, scenarios: upsert(file.scenarios ?? [], edit) };
    case "place":
      return { ...file, actions: place(file.actions, edit) };
    default:
      return { ...file, actions: inList(file.actions, edit) };
  }
}

type ListEdit = Extract<
  FileEdit,
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

/** Takes the step out of its list and puts it into another, or elsewhere into the same. */
function place(
  actions: Action[],
  { id, at, within }: { id: string; at: number; within?: string },
): Action[] {
  const moved = allActions(actions).find((action) => action.id === id);
  const target = listWithin(actions, within);
  // A loop goes into no loop, so it cannot get into itself either.
  if (!moved || !target || (moved.type === "forEach" && within !== undefined)) return actions;
  const before = target.slice(0, at).filter((each) => each.id !== id).length;
  const without = eachList(actions, (list) => list.filter((each) => each.id !== id));
  return eachList(without, (list, loop) =>
    loop === within ? list.toSpliced(before, 0, moved) : list,
  );
}

function listWithin(actions: Action[], within: string | undefined): Action[] | undefined {
  if (within === undefined) return actions;
  const loop = actions.find(({ id, type }) => id === within && type === "forEach");
  return loop && nested(loop);
}

/** Changes the main list and those of its loops. A list that stays as it was is the same one. */
function eachList(
  actions: Action[],
  change: (list: Action[], within: string | undefined) => Action[],
): Action[] {
  return change(
    actions.map((action) =>
      action.type === "forEach"
        ? { ...action, actions: change(nested(action), action.id) }
        : action,
    ),
    undefined,
  );
}

/** Nested actions get new ids too, and jumps among them follow: an id is unique in the whole file. */
function copy(action: Action, id: string): Action {
  const inside = nested(action);
  if (inside.length === 0) return { ...action, id };
  const renamed = new Map(inside.map((each) => [each.id, `${id}-${each.id}`]));
  return {
    ...action,
    id,
    actions: inside.map((each) => withJumps(copy(each, renamed.get(each.id) ?? each.id), renamed)),
  };
}

const jumpMembers = ["onFailure", "whenDisabled", "outcome"];

function goToOf(action: Action, member: string): string | undefined {
  return (action[member] as { goTo?: string } | undefined)?.goTo;
}

function withJumps(action: Action, renamed: Map<string, string>): Action {
  const jumps = jumpMembers.flatMap((member) => {
    const goTo = renamed.get(goToOf(action, member) ?? "");
    return goTo === undefined ? [] : [[member, { goTo }] as const];
  });
  return jumps.length === 0 ? action : change(action, Object.fromEntries(jumps));
}

/** A jump to what is gone would make the file one that cannot be saved. */
function withoutJump(action: Action, gone: string): Action {
  const jumps = jumpMembers.filter((member) => goToOf(action, member) === gone);
  return jumps.length === 0
    ? action
    : change(action, Object.fromEntries(jumps.map((member) => [member, undefined])));
}

function upsert(
  scenarios: NonNullable<WorkflowFile["scenarios"]>,
  { name, payload }: { name: string; payload: unknown },
) {
  const at = scenarios.findIndex((scenario) => scenario.name === name);
  const found = scenarios[at];
  return found ? scenarios.with(at, { ...found, payload }) : [...scenarios, { name, payload }];
}

/** `object` with the changes; `undefined` takes a member out. */
export function change<T extends Json>(object: T | undefined, changes: Changes): T {
  const entries = Object.entries({ ...object, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as T;
}
