import { isEnabled, type Action } from "../../../../workflow/file";

/** A way out of a step that is not the next step: where it leads, and the member that says so. */
export type Exit = {
  of: string;
  member: "outcome" | "onFailure" | "whenDisabled";
  /** `stopSuccess`, `stopFailure`, `succeed`, `fail`, `continue`, or `goTo`. */
  way: string;
  /** With `goTo`: the step it goes on at. */
  to?: string;
};

/** What the file does not need to say is not drawn: a failure fails the run, a step that is off is skipped. */
const defaults = { outcome: "", onFailure: "fail", whenDisabled: "skip" };

export function exitsOf(action: Action): Exit[] {
  const { id } = action;
  const found: Exit[] = [];
  if (action.type === "gate") found.push(exit(id, "outcome", action.outcome ?? "stopSuccess"));
  else if (action.onFailure !== undefined) found.push(exit(id, "onFailure", action.onFailure));
  if (!isEnabled(action) && action.whenDisabled !== undefined) {
    found.push(exit(id, "whenDisabled", action.whenDisabled));
  }
  return found.filter(({ member, way }) => way !== defaults[member]);
}

function exit(of: string, member: Exit["member"], value: unknown): Exit {
  const to = (value as { goTo?: unknown } | null)?.goTo;
  if (typeof to === "string") return { of, member, way: "goTo", to };
  return { of, member, way: typeof value === "string" ? value : defaults[member] };
}
