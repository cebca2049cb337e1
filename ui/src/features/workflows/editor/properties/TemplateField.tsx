import { useRef, useState, type ReactNode } from "react";
import { useRead } from "../../../../api/queries";
import { Button } from "../../../../components/Button";
import { CodeEditor } from "../../../../components/CodeEditor";
import { Select } from "../../../../components/Select";
import { cx } from "../../../../components/cx";
import { visible } from "../../../../components/visible";
import { workflows as words } from "../../../../i18n/en";
import { dropped, insertion, paths, pathType } from "../../../../workflow/path";
import styles from "./Form.module.css";
import { useTarget, useTrial } from "../EditorContext";
import { taken } from "./taken";
import { mayBeOld, rewritten } from "./legacy";
import { hasCode, marksOf, usePreview, type Preview } from "../sample/usePreview";
import { Field, useProblem } from "./Field";

type Insert = (text: string | ((before: string) => string)) => void;

/** Text with `{{ … }}` and, below it, what it makes of the sample. */
export function TemplateField({
  field,
  label,
  hint,
  value,
  onChange,
  onRemove,
  choices,
  multiline = false,
  ofStep = true,
}: {
  /** The name problems and previews call it by. */
  field: string;
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  onRemove?: () => void;
  /** What iMIS offers for it. */
  choices?: { value: string; label: string }[] | undefined;
  multiline?: boolean;
  /** False for a template of the trigger. */
  ofStep?: boolean;
}) {
  const { pipeline } = useTrial();
  const { takeInto } = useTarget();
  const insert = useRef<Insert>(undefined);
  const problem = useProblem(field);
  const preview = usePreview(value, ofStep ? field : undefined);
  const [change, setChange] = useState<{ from: string; to: string }>();
  return (
    <Field name={field}>
      <div
        className={cx(styles.entry, !onRemove && styles.alone)}
        onFocusCapture={() => {
          takeInto((path) => insert.current?.((before) => taken(insertion(path, before))));
        }}
      >
        <CodeEditor
          label={label}
          {...(hint !== undefined && { hint })}
          language="liquid"
          singleLine={!multiline}
          minLines={multiline ? 3 : 1}
          maxLines={8}
          value={value}
          onChange={onChange}
          completions={paths(pipeline)}
          marks={marksOf(value, preview?.unknown ?? [])}
          onPaste={(pasted, before) =>
            rewritten(pasted, before)?.then((to) => {
              if (to !== pasted) setChange({ from: pasted, to });
              return to;
            })
          }
          drop={{ type: pathType, insert: (data, before) => taken(dropped(data, before)) }}
          error={problem}
          onReady={(ready) => {
            insert.current = ready;
          }}
        />
        {onRemove && (
          <Button
            variant="quiet"
            icon="cross"
            aria-label={words.removeField(label)}
            onPress={onRemove}
          />
        )}
        <PreviewLine
          template={value}
          preview={preview}
          after={choices?.find((choice) => choice.value === preview?.text.trim())?.label}
        />
        {choices && (
          <Select
            label={words.choiceOf(label)}
            bare
            options={[
              { id: "", label: words.chooseValue },
              ...choices.map((choice) => ({ id: choice.value, label: choice.label })),
            ]}
            value={choices.some((choice) => choice.value === value) ? value : ""}
            onChange={(chosen) => {
              if (chosen !== "") onChange(chosen);
            }}
          />
        )}
      </div>
      {change && (
        <p className={styles.preview} role="status">
          {words.rewrittenHere(change.from, change.to)}
        </p>
      )}
      <Legacy value={value} onChange={onChange} />
    </Field>
  );
}

/** "→ 12345", or why there is nothing. A text without code shows itself already. */
export function PreviewLine({
  template,
  preview,
  after,
}: {
  template: string;
  preview: Preview | undefined;
  after?: ReactNode;
}) {
  const { sample } = useTrial();
  if (!hasCode(template))
    return after === undefined ? null : <p className={styles.preview}>{after}</p>;
  if (!sample) return <p className={styles.preview}>{words.previewNeedsSample}</p>;
  if (preview === undefined) return null;
  return (
    <div className={styles.preview}>
      <span aria-hidden="true">→</span>
      <span>
        {preview.value === "" ? (
          <span className="faint">{words.blank}</span>
        ) : (
          <code dir="auto">{visible(preview.value)}</code>
        )}
        {preview.problems.map((problem) => (
          <span key={problem} className={styles.warn}>
            {" "}
            {visible(problem)}
          </span>
        ))}{" "}
        {after}
      </span>
    </div>
  );
}

/** Placeholders of the old form are rewritten on saving; here at once. */
function Legacy({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { data } = useRead("legacy_convert", { text: value }, { enabled: mayBeOld(value) });
  if (data?.changed !== true) return null;
  return (
    <p className={styles.preview}>
      <span className={styles.warn}>{words.legacy}</span>
      <Button
        variant="quiet"
        onPress={() => {
          onChange(data.text);
        }}
      >
        {words.rewrite(data.text)}
      </Button>
    </p>
  );
}
