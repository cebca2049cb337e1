import { useRef, type ReactNode } from "react";
import { Button } from "../../../components/Button";
import { CodeEditor } from "../../../components/CodeEditor";
import { cx } from "../../../components/cx";
import { workflows as words } from "../../../i18n/en";
import { insertion, paths } from "../../../workflow/path";
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
  multiline?: boolean;
}) {
  const { pipeline, takeInto } = useEditor();
  const insert = useRef<Insert>(undefined);
  const problem = useProblem(field);
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
        <PreviewLine template={value} limit={limit} />
      </div>
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
          <code>{preview.text}</code>
        )}
        {tooLong && (
          <span className={styles.bad}> {words.tooLong(preview.text.length, limit)}</span>
        )}
        {preview.problems.map((problem) => (
          <span key={problem} className={styles.warn}>
            {" "}
            {problem}
          </span>
        ))}{" "}
        {after}
      </span>
    </div>
  );
}

/** Placeholders of the legacy form are rewritten on saving; here at once. */
function Legacy({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const modern = value.replaceAll(/\$\$([\w.-]+)\$\$/g, "{{ input.$1 }}");
  if (modern === value) return null;
  return (
    <p className={styles.preview}>
      <span className={styles.warn}>{words.legacy}</span>
      <Button
        variant="quiet"
        onPress={() => {
          onChange(modern);
        }}
      >
        {words.rewrite(modern)}
      </Button>
    </p>
  );
}
