import { useRef } from "react";
import type { PreviewField } from "../../../../api/bindings";
import type { Mark } from "../../../../components/codeEditing";
import { CodeEditor } from "../../../../components/CodeEditor";
import { Select } from "../../../../components/Select";
import { workflows as words } from "../../../../i18n/en";
import { text, type Action } from "../../../../workflow/file";
import { droppedBare, paths, pathType, reference } from "../../../../workflow/path";
import styles from "./Form.module.css";
import { useTarget, useTrial } from "../EditorContext";
import { taken } from "./taken";
import { rewritten } from "./legacy";
import { hasCode, marksOf, usePreview } from "../sample/usePreview";
import { Field, useProblem, useSet } from "./Field";
import { choiceOf, useJumps, valueOf } from "./FlowForm";

export function GateForm({ action }: { action: Action }) {
  const { pipeline } = useTrial();
  const { takeInto } = useTarget();
  const set = useSet(action);
  const problem = useProblem("expression");
  const insert = useRef<(text: string) => void>(undefined);
  const expression = text(action, "expression");
  const unknown = usePreview(expression, "expression")?.unknown ?? [];
  return (
    <>
      <Field name="expression">
        <div
          onFocusCapture={() => {
            takeInto((path) => insert.current?.(taken(reference(path))));
          }}
        >
          <CodeEditor
            label={words.expression}
            hint={words.expressionHint}
            language="text"
            minLines={2}
            value={expression}
            onChange={(value) => {
              set({ expression: value });
            }}
            completions={paths(pipeline)}
            marks={conditionMarks(expression, unknown)}
            onPaste={(pasted, before) => rewritten(pasted, before, true)}
            drop={{ type: pathType, insert: (data) => taken(droppedBare(data)) }}
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

/** Names are looked for within braces, without which a condition may stand. */
function conditionMarks(expression: string, unknown: PreviewField["unknown"]): Mark[] {
  if (hasCode(expression)) return marksOf(expression, unknown);
  return marksOf(`{{${expression}`, unknown).map((mark) => ({
    ...mark,
    from: mark.from - 2,
    to: mark.to - 2,
  }));
}
