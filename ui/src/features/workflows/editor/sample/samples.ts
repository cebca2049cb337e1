import type { Run } from "../../../../api/bindings";
import { common, workflows as words } from "../../../../i18n/en";
import { formatWhen } from "../../../../i18n/format";
import {
  allActions,
  asObject,
  text,
  type ActionType,
  type Json,
  type WorkflowFile,
} from "../../../../workflow/file";
import { atPointer, pointerTo } from "../../../../workflow/path";

/** A payload to try templates with: kept in the file, or of a delivery that came. */
export type SampleChoice = {
  id: string;
  label: string;
  /** Undefined while it is being fetched. */
  payload: unknown;
  scenario?: string;
};

export function fileSamples(file: WorkflowFile): SampleChoice[] {
  return (file.scenarios ?? []).map(({ name, payload }) => ({
    id: `scenario:${name}`,
    label: name,
    payload,
    scenario: name,
  }));
}

export function capturedSamples(runs: Run[], of: (id: string) => unknown): SampleChoice[] {
  return runs.map(({ id, receivedAt, status }) => ({
    id: `run:${id}`,
    label: words.captured(formatWhen(receivedAt), common.status[status]),
    payload: of(id),
  }));
}

const metadata = {
  method: "POST",
  scheme: "https",
  host: "hooks.example.org",
  path: "/hooks/…",
  query: {},
  headers: { "content-type": "application/json", "user-agent": "EventApp/1.0" },
  remoteIp: "203.0.113.9",
  contentType: "application/json",
  contentLength: 182,
  receivedAt: "2026-05-27T09:15:00Z",
};

/** What steps put out in the run that the sample came from, by the action's id. */
export type Outputs = ReadonlyMap<string, unknown>;

/**
 * The payload with metadata and with what steps put out, so that previews know their names: what they put out when
 * the sample ran, else a stand-in. `open`: names whose members nobody can know before.
 */
export function pipelineOf(
  file: WorkflowFile,
  payload: unknown,
  outputs: Outputs = new Map(),
): { pipeline: Json; open: ReadonlySet<string> } {
  const pipeline: Json = { ...asObject(payload) };
  const open = new Set<string>();
  for (const action of allActions(file.actions)) {
    const output = text(action, "outputProperty");
    if (output !== "") {
      const known = outputs.get(action.id) ?? standIns[action.type];
      // A stand-in has the names, but nobody knows the values.
      if (!outputs.has(action.id)) open.add(output);
      pipeline[output] ??= known ?? {};
    }
    const errors = text(action, "errorProperty");
    if (errors !== "") open.add(errors);
    if (action.type === "forEach") {
      const name = text(action, "as") || "item";
      const first = firstOf(pipeline, text(action, "list"));
      if (first === undefined) open.add(name);
      pipeline[name] ??= first ?? {};
    }
  }
  const meta = text(file.trigger, "metadataOutputProperty");
  if (meta !== "") pipeline[meta] ??= metadata;
  return { pipeline, open };
}

const standIns: Partial<Record<ActionType, unknown>> = {
  alreadyRecorded: { count: 0, keys: [] },
};

/** The first item, if there is one, of the list that a JSON pointer, or a dotted path, leads to. */
function firstOf(pipeline: Json, list: string): unknown {
  const found = atPointer(pipeline, list.startsWith("/") ? list : pointerTo(list.split(".")));
  return Array.isArray(found) ? (found[0] as unknown) : undefined;
}
