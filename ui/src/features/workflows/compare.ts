import { workflows as words } from "../../i18n/en";
import { activityColumns, columnNamed } from "../../workflow/activity";
import {
  asList,
  asObject,
  nested,
  schemaOf,
  text,
  type Action,
  type Json,
  type WorkflowFile,
} from "../../workflow/file";
import { describe } from "../../workflow/schemaWords";
import { titleOf } from "./summaries";

/** One thing that differs, in words; undefined where it is not there. */
export type Cell = { label: string; before: string | undefined; after: string | undefined };

/** What differs in one step, in the trigger or in the workflow as a whole. */
export type Difference = {
  step: string;
  title: string;
  what: "added" | "removed" | "changed" | "moved";
  cells: Cell[];
};

/** What differs between two workflow files, by action and field. */
export function compareFiles(before: WorkflowFile, after: WorkflowFile): Difference[] {
  const whole = cellsOf(
    [words.name, before.name, after.name],
    [words.description, text(before, "description"), text(after, "description")],
    [words.connection, before.connection, after.connection],
    [words.samples, sampleNames(before), sampleNames(after)],
  );
  const trigger = memberCells(before.trigger, after.trigger, []);
  return [
    ...changed("workflow", words.workflow, whole),
    ...changed("trigger", words.trigger, trigger),
    ...actionDifferences(placed(before.actions), placed(after.actions)),
  ];
}

function changed(step: string, title: string, cells: Cell[]): Difference[] {
  return cells.length === 0 ? [] : [{ step, title, what: "changed", cells }];
}

function sampleNames({ scenarios }: WorkflowFile): string {
  return (scenarios ?? []).map(({ name }) => name).join(", ");
}

type Placed = { action: Action; within: string };

function placed(actions: Action[], within = ""): Placed[] {
  return actions.flatMap((action) => [{ action, within }, ...placed(nested(action), action.id)]);
}

function actionDifferences(before: Placed[], after: Placed[]): Difference[] {
  const old = new Map(before.map((each) => [each.action.id, each]));
  const now = new Map(after.map((each) => [each.action.id, each]));
  const moved = movedIds(
    before.filter(({ action }) => now.has(action.id)),
    after.filter(({ action }) => old.has(action.id)),
  );
  const titles = [...before, ...after].map(({ action }) => action);
  const there = after.flatMap(({ action }): Difference[] => {
    const was = old.get(action.id)?.action;
    const whole = { step: action.id, title: titleOf(action) };
    if (was?.type !== action.type) {
      return [{ ...whole, what: "added", cells: actionCells(undefined, action, titles) }];
    }
    const cells = actionCells(was, action, titles);
    if (cells.length > 0) return [{ ...whole, what: "changed", cells }];
    return moved.has(action.id) ? [{ ...whole, what: "moved", cells: [] }] : [];
  });
  const gone = before.flatMap(({ action }): Difference[] =>
    now.get(action.id)?.action.type === action.type
      ? []
      : [
          {
            step: action.id,
            title: titleOf(action),
            what: "removed",
            cells: actionCells(action, undefined, titles),
          },
        ],
  );
  return [...there, ...gone];
}

/** Steps that stand elsewhere among those that both versions have: in another list, or in another order. */
function movedIds(before: Placed[], after: Placed[]): Set<string> {
  const lists = new Set(after.map(({ within }) => within));
  return new Set(
    [...lists].flatMap((list) => {
      const idsIn = (all: Placed[]) =>
        all.filter(({ within }) => within === list).map(({ action }) => action.id);
      const stayed = longestCommon(idsIn(before), idsIn(after));
      return idsIn(after).filter((id) => !stayed.has(id));
    }),
  );
}

/** The most of both lists that stands in the same order. */
function longestCommon(a: string[], b: string[]): Set<string> {
  const lengths = new Map<string, number>();
  const at = (i: number, j: number) => lengths.get(`${i} ${j}`) ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const longest = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      lengths.set(`${i} ${j}`, longest);
    }
  }
  const common = new Set<string>();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common.add(a[i] ?? "");
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return common;
}

const notCompared = new Set(["id", "type", "actions"]);
const entryMembers = new Set(["fields", "match", "query", "headers"]);
/** What is meant where nothing is written. */
const defaults: Json = {
  enabled: true,
  checkMember: true,
  onFailure: "fail",
  whenDisabled: "skip",
};

function actionCells(was: Action | undefined, now: Action | undefined, all: Action[]): Cell[] {
  return memberCells(was, now, all);
}

function memberCells(was: Json | undefined, now: Json | undefined, all: Action[]): Cell[] {
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(now ?? {})]);
  return [...names].flatMap((name): Cell[] => {
    if (notCompared.has(name)) return [];
    if (entryMembers.has(name)) return entryCells(asObject(was?.[name]), asObject(now?.[name]));
    if (name === "schema") return schemaCells(was, now);
    const label = words.memberLabels[name] ?? name;
    const value = (of: Json | undefined) => of && inWords(of[name] ?? defaults[name], all);
    return cellsOf([label, value(was), value(now)]);
  });
}

function entryCells(was: Json, now: Json): Cell[] {
  const names = new Set([...Object.keys(was), ...Object.keys(now)]);
  return [...names].flatMap((name) =>
    cellsOf([
      columnNamed(activityColumns, name)?.label ?? name,
      inWords(was[name], []),
      inWords(now[name], []),
    ]),
  );
}

function schemaCells(was: Json | undefined, now: Json | undefined): Cell[] {
  const says = (of: Json | undefined) =>
    new Map(
      (of ? describe(schemaOf(of as Action)) : []).map(({ path, what, required }) => [
        path,
        required ? words.isRequired(what) : what,
      ]),
    );
  const [before, after] = [says(was), says(now)];
  const places = new Set([...before.keys(), ...after.keys()]);
  const cells = [...places].flatMap((place) =>
    cellsOf([words.schemaOf(place), before.get(place), after.get(place)]),
  );
  const same = JSON.stringify(was?.schema) === JSON.stringify(now?.schema);
  if (cells.length > 0 || same) return cells;
  return [{ label: words.schema, before: words.schemaBefore, after: words.schemaAfter }];
}

type Words = string | undefined;

function cellsOf(...rows: [label: string, before: Words, after: Words][]): Cell[] {
  const shown = (value: Words) => (value === "" ? undefined : value);
  return rows
    .map(([label, before, after]) => ({ label, before: shown(before), after: shown(after) }))
    .filter(({ before, after }) => before !== after);
}

function inWords(value: unknown, all: Action[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return words.choiceWords[value] ?? value;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const goTo = asObject(value).goTo;
  if (typeof goTo === "string") {
    const target = all.find(({ id }) => id === goTo);
    return words.exits.goTo(target ? titleOf(target) : goTo);
  }
  if (Array.isArray(value))
    return asList(value)
      .map((each) => inWords(each, all))
      .join(", ");
  return JSON.stringify(value);
}
