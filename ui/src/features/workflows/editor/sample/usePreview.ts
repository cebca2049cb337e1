import type { PreviewField } from "../../../../api/bindings";
import { useRead } from "../../../../api/queries";
import type { Mark } from "../../../../components/codeEditing";
import { findPath, usedBy } from "../../../../workflow/names";
import { useTrial } from "../EditorContext";
import { useSettled } from "../useSettled";

export type Preview = Pick<PreviewField, "text" | "problems" | "unknown"> & {
  /** As it would leave, where that is known; else what the template renders to. */
  value: string;
};

/**
 * What a template makes of the sample: a field of the selected step as that step would write it, and any other
 * template, which has no name, as text. Undefined while nobody knows.
 */
export function usePreview(template: string, name: string | undefined): Preview | undefined {
  const { pipeline, made } = useTrial();
  const settled = useSettled(template, 250);
  const { data } = useRead(
    "template_preview",
    { template: settled, payload: usedBy(settled, pipeline) },
    { enabled: name === undefined && hasCode(settled), keep: true },
  );
  if (name === undefined) return data && { ...data, value: data.text };
  const field = made(name);
  return field && { ...field, value: field.value ?? field.text };
}

/** Whether a text is more than itself. */
export function hasCode(template: string): boolean {
  return /\{\{|\{%/.test(template);
}

/** Where names stand that the sample does not have. */
export function marksOf(template: string, unknown: PreviewField["unknown"]): Mark[] {
  return unknown.flatMap(({ path, message }) =>
    findPath(template, path).map((place) => ({ ...place, message })),
  );
}
