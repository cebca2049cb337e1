import type { Step } from "../../api/bindings";

/** The steps of one item of a loop. */
export type Item = { item: number; steps: Step[] };
type Group = { key: string; step: Step } | { key: string; items: Item[] };

/** Steps in order, those that a loop repeated gathered by item. */
export function grouped(steps: Step[]): Group[] {
  const groups: Group[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.item == null) groups.push({ key: `step ${step.index}`, step });
    else if (last && "items" in last) {
      const item = last.items.find((one) => one.item === step.item);
      if (item) item.steps.push(step);
      else last.items.push({ item: step.item, steps: [step] });
    } else {
      groups.push({ key: `loop ${step.index}`, items: [{ item: step.item, steps: [step] }] });
    }
  }
  return groups;
}

const fine = new Set<Step["status"]>(["succeeded", "carried", "skipped"]);

export function isDone({ steps }: Item): boolean {
  return steps.every(({ status }) => fine.has(status));
}
