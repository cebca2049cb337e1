import { useRead } from "../../api/queries";
import type { Mark } from "../../components/CodeEditor";
import { findPath, isOpen, usedBy } from "../../workflow/names";
import { useEditor } from "./EditorContext";
import { useSettled } from "./useEditing";

type Unknown = { path: string; message: string };

export type Preview = {
  text: string;
  problems: string[];
  isStatic: boolean;
  /** Names that the sample does not have, and where they stand. */
  unknown: Unknown[];
  marks: Mark[];
};

const noMarks: Mark[] = [];

/** What a template makes of the sample, a moment after the typing stops. Text without template code needs no asking. */
export function usePreview(template: string): Preview | undefined {
  const { pipeline, open } = useEditor();
  const settled = useSettled(template, 250);
  const isStatic = !/\{\{|\{%/.test(template);
  const { data } = useRead(
    "template_preview",
    { template: settled, payload: usedBy(settled, pipeline) },
    { enabled: !isStatic && settled !== "", keep: true },
  );
  if (isStatic) return { text: template, problems: [], isStatic, unknown: [], marks: noMarks };
  if (!data) return undefined;
  // What a step will put out is not known before it ran, so nothing there is wrong.
  const guesses = data.unknown.filter(({ path }) => isOpen(path, open));
  const unknown = data.unknown.filter((each) => !guesses.includes(each));
  return {
    text: data.text,
    problems: data.problems.filter((each) => !guesses.some(({ message }) => message === each)),
    isStatic,
    unknown,
    marks: unknown.flatMap(({ path, message }) =>
      findPath(template, path).map((place) => ({ ...place, message })),
    ),
  };
}

/** Whether a gate's condition holds for the sample: bare, within `{{ }}`, or a template that gives `true`. */
export function conditionTemplate(expression: string): string {
  const trimmed = expression.trim();
  const inner = /^\{\{([^{}]*)\}\}$/.exec(trimmed)?.[1] ?? trimmed;
  return /\{\{|\{%/.test(inner) ? inner : `{% if ${inner} %}true{% endif %}`;
}
