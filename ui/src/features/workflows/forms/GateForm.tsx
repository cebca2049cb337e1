import { useRef } from "react";
import { CodeEditor } from "../../../components/CodeEditor";
import { Select } from "../../../components/Select";
import { workflows as words } from "../../../i18n/en";
import { text, type Action } from "../../../workflow/file";
import { dotted, paths } from "../../../workflow/path";
import styles from "../Editor.module.css";
import { useEditor } from "../EditorContext";
import { Field, useProblem, useSet } from "./Field";
import { choiceOf, useJumps, valueOf } from "./FlowForm";

export function GateForm({ action }: { action: Action }) {
  const { pipeline, takeInto } = useEditor();
  const set = useSet(action);
  const problem = useProblem("expression");
  const insert = useRef<(text: string) => void>(undefined);
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
            value={text(action, "expression")}
            onChange={(expression) => {
              set({ expression });
            }}
            completions={paths(pipeline)}
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
            ...useJumps(action),
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
