import type { Difference as Found } from "../../../../api/bindings";
import { workflows as words } from "../../../../i18n/en";
import { activityColumns, columnNamed } from "../../../../workflow/activity";
import {
  allActions,
  asList,
  asObject,
  schemaOf,
  text,
  type Action,
  type Json,
} from "../../../../workflow/file";
import { describe } from "../../../../workflow/schemaWords";
import { titleOf } from "../steps/summaries";

/** One thing that differs, in words; undefined where it is not there. */
export type Cell = { label: string; before: string | undefined; after: string | undefined };

/** What differs in one step, in the trigger or in the workflow as a whole. */
export type Difference = { step: string; title: string; what: Found["kind"]; cells: Cell[] };

/** What the server found, step by step. `known`: steps that give differences their titles. */
export function inWords(found: Found[], known: Action[]): Difference[] {
  const whole = found.flatMap(({ before, after, field }) =>
    field === undefined ? [before, after].map((value) => asObject(value) as Action) : [],
  );
  const steps = [...known, ...allActions(whole)];
  const groups = new Map<string, Difference>();
  for (const one of found.flatMap(eachAction)) {
    const step = one.actionId ?? (one.path.startsWith("/trigger") ? "trigger" : "workflow");
    const group = groups.get(step) ?? {
      step,
      title: titleIn(steps, step),
      what: one.kind,
      cells: [],
    };
    const cells = one.field === undefined ? wholeCells(one, steps) : fieldCells(one, steps);
    groups.set(step, {
      ...group,
      what: one.field === undefined ? one.kind : cells.length > 0 ? "changed" : group.what,
      cells: [...group.cells, ...cells],
    });
  }
  return [...groups.values()].filter(
    ({ what, cells }) =>
      cells.length > 0 || what === "moved" || what === "added" || what === "removed",
  );
}

/** A loop that came or went did so with all its steps. */
function eachAction(one: Found): Found[] {
  const { before, after, field, kind } = one;
  if (field !== undefined || kind === "moved") return [one];
  return allActions([asObject(after ?? before) as Action]).map((action) => ({
    ...one,
    actionId: action.id,
    ...(after === undefined ? { before: action } : { after: action }),
  }));
}

function titleIn(steps: Action[], step: string): string {
  if (step === "workflow") return words.workflow;
  if (step === "trigger") return words.trigger;
  const found = steps.find(({ id }) => id === step);
  return found ? titleOf(found) : step;
}

const notCompared = new Set(["id", "type", "actions", "format"]);
const entryMembers = new Set(["fields", "match", "query", "headers"]);
/** What is meant where nothing is written. */
const defaults: Json = {
  enabled: true,
  checkMember: true,
  onFailure: "fail",
  whenDisabled: "skip",
  return202Accepted: false,
  omitResponseBody: false,
  validateBeforeAnswering: true,
  ordered: false,
  wrapArray: false,
  acceptForm: false,
};

/** Every member of a step, or of the trigger, that is there on one side only. */
function wholeCells({ before, after, kind }: Found, steps: Action[]): Cell[] {
  if (kind === "moved") return [];
  const [was, now] = [asObject(before), asObject(after)];
  return Object.keys({ ...was, ...now }).flatMap((name) =>
    memberCells(name, was[name], now[name], steps),
  );
}

function fieldCells({ path, field = "", before, after }: Found, steps: Action[]): Cell[] {
  const isEntry = entryMembers.has(path.split("/").at(-2) ?? "");
  return isEntry
    ? entryCells({ [field]: before }, { [field]: after })
    : memberCells(field, before, after, steps);
}

function memberCells(name: string, was: unknown, now: unknown, steps: Action[]): Cell[] {
  if (notCompared.has(name)) return [];
  if (entryMembers.has(name)) return entryCells(asObject(was), asObject(now));
  if (name === "trigger") {
    const [before, after] = [asObject(was), asObject(now)];
    return Object.keys({ ...before, ...after }).flatMap((each) =>
      memberCells(each, before[each], after[each], steps),
    );
  }
  if (name === "schema") return schemaCells(was, now);
  if (name === "scenarios") return scenarioCells(was, now);
  const label = words.memberLabels[name] ?? name;
  const says = (value: unknown) => valueWords(value ?? defaults[name], steps);
  return cellOf(label, says(was), says(now));
}

function entryCells(was: Json, now: Json): Cell[] {
  return Object.keys({ ...was, ...now }).flatMap((name) =>
    cellOf(
      columnNamed(activityColumns, name)?.label ?? name,
      valueWords(was[name], []),
      valueWords(now[name], []),
    ),
  );
}

function schemaCells(was: unknown, now: unknown): Cell[] {
  const says = (schema: unknown) =>
    new Map(
      (schema === undefined ? [] : describe(schemaOf({ schema } as unknown as Action))).map(
        ({ path, what, required }) => [path, required ? words.isRequired(what) : what],
      ),
    );
  const [before, after] = [says(was), says(now)];
  const cells = [...new Set([...before.keys(), ...after.keys()])].flatMap((place) =>
    cellOf(words.schemaOf(place), before.get(place), after.get(place)),
  );
  return cells.length > 0 ? cells : [otherwise(words.schema)];
}

function scenarioCells(was: unknown, now: unknown): Cell[] {
  const names = (list: unknown) =>
    asList(list)
      .map((each) => text(asObject(each), "name"))
      .join(", ");
  const cells = cellOf(words.samples, names(was), names(now));
  return cells.length > 0 ? cells : [otherwise(words.samples)];
}

/** It differs, but in nothing that words would show. */
function otherwise(label: string): Cell {
  return { label, before: words.schemaBefore, after: words.schemaAfter };
}

function cellOf(label: string, was: string | undefined, now: string | undefined): Cell[] {
  const [before, after] = [was, now].map((value) => (value === "" ? undefined : value));
  return before === after ? [] : [{ label, before, after }];
}

function valueWords(value: unknown, steps: Action[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return words.choiceWords[value] ?? value;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const goTo = asObject(value).goTo;
  if (typeof goTo === "string") return words.exits.goTo(titleIn(steps, goTo));
  if (Array.isArray(value)) return value.map((each) => valueWords(each, steps)).join(", ");
  return JSON.stringify(value);
}
