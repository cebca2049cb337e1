import type { Action, ActionType, Json } from "../../../../workflow/file";

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

export function newAction(type: ActionType, id: string): Action {
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
