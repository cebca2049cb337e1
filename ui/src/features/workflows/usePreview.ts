import { useRead } from "../../api/queries";
import { useEditor } from "./EditorContext";
import { useSettled } from "./useEditing";

export type Preview = { text: string; problems: string[]; isStatic: boolean };

/** What a template makes of the sample, a moment after the typing stops. Text without template code needs no asking. */
export function usePreview(template: string): Preview | undefined {
  const { pipeline } = useEditor();
  const settled = useSettled(template, 250);
  const isStatic = !/\{\{|\{%/.test(template);
  const { data } = useRead(
    "template_preview",
    { template: settled, payload: pipeline },
    { enabled: !isStatic && settled !== "", keep: true },
  );
  if (isStatic) return { text: template, problems: [], isStatic };
  return data && { ...data, isStatic };
}

/** Whether a gate's condition holds for the sample: bare, within `{{ }}`, or a template that gives `true`. */
export function conditionTemplate(expression: string): string {
  const trimmed = expression.trim();
  const inner = /^\{\{([^{}]*)\}\}$/.exec(trimmed)?.[1] ?? trimmed;
  return /\{\{|\{%/.test(inner) ? inner : `{% if ${inner} %}true{% endif %}`;
}
