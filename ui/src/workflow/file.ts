/** The workflow file as the editor, the sender and the welcome read it. Members we do not know stay as they are. */
export type Json = Record<string, unknown>;

export const actionTypes = [
  "jsonSchemaValidation",
  "insertActivity",
  "insertPanelRecord",
  "gate",
  "alreadyRecorded",
  "imisGet",
  "forEach",
  "httpRequest",
  "notify",
] as const;
export type ActionType = (typeof actionTypes)[number];

export type Action = Json & { id: string; type: ActionType };
type Scenario = Json & {
  name: string;
  payload: unknown;
  expect?: { answer?: number; status?: string };
};
export type WorkflowFile = Json & {
  name: string;
  connection: string;
  trigger: Json;
  actions: Action[];
  scenarios?: Scenario[];
};

/** What a workflow file holds that the server has accepted; anything missing gets its default. */
export function asFile(value: unknown): WorkflowFile {
  const file = asObject(value);
  return {
    ...file,
    name: text(file, "name"),
    connection: text(file, "connection") || "sandbox",
    trigger: asObject(file.trigger),
    actions: asList(file.actions) as Action[],
    ...(Array.isArray(file.scenarios) && { scenarios: file.scenarios as Scenario[] }),
  };
}

export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A member as text: blank when it is missing, or is not text. */
export function text(object: Json, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}

/** A member that is true or false. */
export function flag(object: Json, name: string, otherwise: boolean): boolean {
  const value = object[name];
  return typeof value === "boolean" ? value : otherwise;
}

/** Names and templates of an object member such as `fields`, in the order written. */
export function templates(object: Json, name: string): [name: string, template: string][] {
  return Object.entries(asObject(object[name])).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value ?? ""),
  ]);
}

/** The actions of a loop. */
export function nested(action: Action): Action[] {
  return asList(action.actions) as Action[];
}

/** Every action, those in loops too, in order. */
export function allActions(actions: Action[]): Action[] {
  return actions.flatMap((action) => [action, ...allActions(nested(action))]);
}

export function isEnabled(action: Action): boolean {
  return flag(action, "enabled", true);
}

/** The schema of a validation, whether it was written as an object or as text. */
export function schemaOf(action: Action): Json {
  if (typeof action.schema !== "string") return asObject(action.schema);
  try {
    return asObject(JSON.parse(action.schema));
  } catch {
    return {};
  }
}

/** Downloads or shows a file as people keep it. */
export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
