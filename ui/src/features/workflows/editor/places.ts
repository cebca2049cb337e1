import { nested, type Action, type WorkflowFile } from "../../../workflow/file";
import type { Path } from "../../../workflow/path";

/** What a problem's JSON pointer points at: `trigger`, `workflow` or an action's id, and the field there. */
export function placeOf(file: WorkflowFile, pointer: string): { step: string; field?: string } {
  const path: Path = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [member, ...rest] = path;
  if (member === "trigger") return place("trigger", isGroup(rest[0]) ? rest.join("/") : rest[0]);
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

/** Members of the trigger whose own members have fields of their own, named `rateLimit/burst`. */
function isGroup(member: string | number | undefined): boolean {
  return ["authentication", "rateLimit", "idempotency"].includes(String(member));
}

function isEntries(member: string | number | undefined): boolean {
  return ["fields", "match", "query", "headers"].includes(String(member));
}

function place(step: string, field: string | number | undefined): { step: string; field?: string } {
  return field === undefined ? { step } : { step, field: String(field) };
}
