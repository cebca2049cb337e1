import type { DryResult, DryRow } from "../../../../api/bindings";
import { workflows as words } from "../../../../i18n/en";
import type { Cell } from "./compare";

/** What one payload would do otherwise, cell by cell: how it ends, and every field of every step. */
export function dryCells({ before, after }: DryRow): Cell[] {
  if (before === null) return [];
  const cells = new Map<string, Cell>();
  const put = (side: "before" | "after", label: string, value: string) => {
    const cell = cells.get(label) ?? { label, before: undefined, after: undefined };
    cells.set(label, { ...cell, [side]: value });
  };
  for (const [side, result] of [
    ["before", before],
    ["after", after],
  ] as const) {
    for (const [label, value] of facts(result)) put(side, label, value);
  }
  return [...cells.values()].filter((cell) => cell.before !== cell.after);
}

function facts(result: DryResult): [label: string, value: string][] {
  const steps = result.steps.flatMap(
    ({ name, item, status, error, fields }): [string, string][] => {
      const front = item === undefined ? name : words.itemOf(name, item + 1);
      return [
        [words.endOf(front), error ?? words.stepEnds[status]],
        ...(fields ?? []).map((field): [string, string] => [
          `${front} · ${field.name}`,
          field.value,
        ]),
      ];
    },
  );
  return result.error === undefined ? steps : [...steps, [words.reason, result.error]];
}

/** A payload that went well so far and would not any more. */
export function isNewFailure({ before, after }: DryRow): boolean {
  return before !== null && isWell(before) && !isWell(after);
}

export function isMended({ before, after }: DryRow): boolean {
  return before !== null && !isWell(before) && isWell(after);
}

function isWell({ outcome }: DryResult): boolean {
  return outcome === "succeeded" || outcome === "stopped";
}
