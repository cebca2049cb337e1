import { lazy, Suspense, useId } from "react";
import type { CodeEditorProps } from "./codeEditing";
import { linesHigh } from "./grid";
import styles from "./CodeEditor.module.css";
import fields from "./TextField.module.css";

const Editor = lazy(() => import("./CodeMirror"));

/** CodeMirror with our look, loaded when first shown. Tab moves on; Escape then Tab indents. */
export function CodeEditor(props: CodeEditorProps) {
  const id = useId();
  const { label, hint, error, value, minLines = 3 } = props;
  return (
    <div className={fields.field}>
      <div className={fields.label} id={`${id}-label`}>
        {label}
        {hint !== undefined && <span className={fields.hint}>{hint}</span>}
      </div>
      <Suspense
        fallback={
          <pre className={styles.waiting} style={{ minBlockSize: linesHigh(minLines) }}>
            {value}
          </pre>
        }
      >
        <Editor {...props} describedBy={error === undefined ? undefined : `${id}-error`} />
      </Suspense>
      {error !== undefined && (
        <div className={fields.error} id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
