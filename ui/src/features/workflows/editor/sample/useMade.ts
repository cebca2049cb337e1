import type { PreviewField, StepError } from "../../../../api/bindings";
import { useRead } from "../../../../api/queries";
import {
  allActions,
  text,
  type Action,
  type Json,
  type WorkflowFile,
} from "../../../../workflow/file";
import { isOpen } from "../../../../workflow/names";
import type { SampleChoice } from "./samples";
import { useSettled } from "../useSettled";

/** What a field of the selected step would be for the sample, by the field's name; undefined while nobody knows. */
export type Made = (name: string) => PreviewField | undefined;

/** Asks the server, a moment after the typing stops, for every field of a step at once. */
export function useMade(
  file: WorkflowFile,
  action: Action | undefined,
  sample: SampleChoice | undefined,
  { pipeline, open }: { pipeline: Json; open: ReadonlySet<string> },
): { fields: PreviewField[] | undefined; made: Made; error: StepError | undefined } {
  const settled = useSettled(file, 250);
  const actionId = action?.id ?? "";
  const run = sample?.id.startsWith("run:") === true ? sample.id.slice(4) : undefined;
  const { scenarios: _samples, ...asked } = settled;
  const payload = judgesPayload(action) ? sample?.payload : pipeline;
  const { data } = useRead(
    "action_preview",
    { file: asked, actionId, ...(run === undefined ? { payload } : { runId: run }) },
    {
      enabled:
        sample !== undefined && allActions(settled.actions).some(({ id }) => id === actionId),
      keep: (before) => before.actionId === actionId,
    },
  );
  const fields = data?.fields.map((field) => withoutGuesses(field, open));
  return {
    fields,
    error: data?.error,
    made: (name) => fields?.find((field) => field.name === name),
  };
}

/** Whether a step looks at what was delivered, and at nothing that earlier steps put beside it. */
function judgesPayload(action: Action | undefined): boolean {
  return action?.type === "jsonSchemaValidation" && text(action, "path").trim() === "";
}

/** What a step will put out is not known before it ran, so nothing there is wrong. */
function withoutGuesses(field: PreviewField, open: ReadonlySet<string>): PreviewField {
  const guesses = field.unknown.filter(({ path }) => isOpen(path, open));
  if (guesses.length === 0) return field;
  return {
    ...field,
    unknown: field.unknown.filter((each) => !guesses.includes(each)),
    problems: field.problems.filter((said) => !guesses.some(({ message }) => message === said)),
  };
}
