import { useRef, useState, type ReactNode } from "react";
import { Button } from "../../../components/Button";
import { CodeEditor } from "../../../components/CodeEditor";
import { Select } from "../../../components/Select";
import { cx } from "../../../components/cx";
import { visible } from "../../../components/visible";
import { workflows as words } from "../../../i18n/en";
import { modern } from "../../../workflow/names";
import { dropped, insertion, paths, pathType } from "../../../workflow/path";
import styles from "../Editor.module.css";
import { useEditor } from "../EditorContext";
import { usePreview } from "../usePreview";
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
  limit,
  choices,
  multiline = false,
}: {
  /** The name problems call it by. */
  field: string;
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  onRemove?: () => void;
  /** Characters it may have. */
  limit?: number | undefined;
  /** What iMIS offers for it. */
  choices?: { value: string; label: string }[] | undefined;
  multiline?: boolean;
}) {
  const { pipeline, takeInto } = useEditor();
  const insert = useRef<Insert>(undefined);
  const problem = useProblem(field);
  const preview = usePreview(value);
  const [rewritten, setRewritten] = useState<{ from: string; to: string }[]>([]);
  return (
    <Field name={field}>
      <div
        className={cx(styles.entry, !onRemove && styles.alone)}
        onFocusCapture={() => {
          takeInto((path) => insert.current?.((before) => insertion(path, before)));
        }}
      >
        <CodeEditor
          label={label}
          {...(hint !== undefined && { hint })}
          language="liquid"
          singleLine={!multiline}
          minHeight={multiline ? "60px" : "28px"}
          maxHeight="160px"
          value={value}
          onChange={onChange}
          completions={paths(pipeline)}
          marks={preview?.marks ?? []}
          onPaste={(pasted) => {
            const { text, changes } = modern(pasted);
            setRewritten(changes);
            return text;
          }}
          drop={{ type: pathType, insert: dropped }}
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
          limit={limit}
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
      {rewritten.length > 0 && (
        <p className={styles.preview} role="status">
          {words.rewrittenHere(rewritten)}
        </p>
      )}
      <Legacy value={value} onChange={onChange} />
    </Field>
  );
}

/** "→ 12345", or why there is nothing. */
export function PreviewLine({
  template,
  limit,
  after,
}: {
  template: string;
  limit?: number | undefined;
  after?: ReactNode;
}) {
  const { sample } = useEditor();
  const preview = usePreview(template);
  if (template === "" || preview === undefined) return after === undefined ? null : <p>{after}</p>;
  const tooLong = limit !== undefined && preview.text.length > limit;
  if (preview.isStatic) {
    if (!tooLong) return after === undefined ? null : <p className={styles.preview}>{after}</p>;
    return <p className={styles.bad}>{words.tooLong(preview.text.length, limit)}</p>;
  }
  if (!sample) return <p className={styles.preview}>{words.previewNeedsSample}</p>;
  return (
    <div className={styles.preview}>
      <span aria-hidden="true">→</span>
      <span>
        {preview.text === "" ? (
          <span className="faint">{words.blank}</span>
        ) : (
          <code dir="auto">{visible(preview.text)}</code>
        )}
        {tooLong && (
          <span className={styles.bad}> {words.tooLong(preview.text.length, limit)}</span>
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

/** Placeholders of the legacy form are rewritten on saving; here at once. */
function Legacy({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { text, changes } = modern(value);
  if (changes.length === 0) return null;
  return (
    <p className={styles.preview}>
      <span className={styles.warn}>{words.legacy}</span>
      <Button
        variant="quiet"
        onPress={() => {
          onChange(text);
        }}
      >
        {words.rewrite(text)}
      </Button>
    </p>
  );
}
