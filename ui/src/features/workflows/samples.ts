import type { Run } from "../../api/bindings";
import { common, workflows as words } from "../../i18n/en";
import { formatWhen } from "../../i18n/format";
import { allActions, asObject, text, type Json, type WorkflowFile } from "../../workflow/file";

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

/** The payload with stand-ins for metadata and for what steps put out, so that previews know their names. */
export function pipelineOf(file: WorkflowFile, payload: unknown): Json {
  const pipeline: Json = { ...asObject(payload) };
  for (const action of allActions(file.actions)) {
    const output = text(action, "outputProperty");
    if (output !== "") pipeline[output] ??= outputOf(action.type);
    if (action.type === "forEach") {
      pipeline[text(action, "as") || "item"] ??= firstOf(pipeline, text(action, "list"));
    }
  }
  const meta = text(file.trigger, "metadataOutputProperty");
  if (meta !== "") pipeline[meta] ??= metadata;
  return pipeline;
}

function outputOf(type: string): Json {
  return type === "alreadyRecorded" ? { count: 0, keys: [] } : {};
}

/** The first item of the list that a JSON pointer, or a dotted path, leads to. */
function firstOf(pipeline: Json, list: string): unknown {
  const steps = list.startsWith("/") ? list.slice(1).split("/") : list.split(".");
  const found = steps.reduce<unknown>((value, step) => asObject(value)[step], pipeline);
  return Array.isArray(found) ? ((found[0] as unknown) ?? {}) : {};
}
