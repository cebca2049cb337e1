import { useRef } from "react";
import { CodeEditor } from "../../../components/CodeEditor";
import { Select } from "../../../components/Select";
import { workflows as words } from "../../../i18n/en";
import { text, type Action } from "../../../workflow/file";
import { findPath } from "../../../workflow/names";
import { dotted, droppedBare, paths, pathType } from "../../../workflow/path";
import styles from "../Editor.module.css";
import { useEditor } from "../EditorContext";
import { conditionTemplate, usePreview } from "../usePreview";
import { Field, useProblem, useSet } from "./Field";
import { choiceOf, useJumps, valueOf } from "./FlowForm";

export function GateForm({ action }: { action: Action }) {
  const { pipeline, takeInto } = useEditor();
  const set = useSet(action);
  const problem = useProblem("expression");
  const insert = useRef<(text: string) => void>(undefined);
  const expression = text(action, "expression");
  const unknown = usePreview(expression === "" ? "" : conditionTemplate(expression))?.unknown ?? [];
  return (
    <>
      <Field name="expression">
        <div
          onFocusCapture={() => {
            takeInto((path) => insert.current?.(dotted(path)));
          }}
        >
          <CodeEditor
            label={words.expression}
            hint={words.expressionHint}
            language="text"
            minHeight="44px"
            value={expression}
            onChange={(value) => {
              set({ expression: value });
            }}
            completions={paths(pipeline)}
            marks={marksOf(expression, unknown)}
            drop={{ type: pathType, insert: droppedBare }}
            error={problem}
            onReady={(ready) => {
              insert.current = ready;
            }}
          />
        </div>
        <p className={styles.preview}>{words.expressionExample}</p>
      </Field>
      <Field name="outcome">
        <Select
          label={words.outcome}
          options={[
            { id: "stopSuccess", label: words.exits.stopSuccessLong },
            { id: "stopFailure", label: words.exits.stopFailureLong },
            ...useJumps(action, action.outcome),
          ]}
          value={choiceOf(action.outcome, "stopSuccess")}
          onChange={(choice) => {
            set({ outcome: choice === "stopSuccess" ? undefined : valueOf(choice) });
          }}
        />
      </Field>
    </>
  );
}

/** The condition may stand without braces, as the preview's template does not. */
function marksOf(expression: string, unknown: { path: string; message: string }[]) {
  const bare = !/\{\{|\{%/.test(expression);
  return unknown.flatMap(({ path, message }) =>
    findPath(bare ? `{{${expression}` : expression, path).map(({ from, to }) => ({
      from: bare ? from - 2 : from,
      to: bare ? to - 2 : to,
      message,
    })),
  );
}
