import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { text, type Action } from "../../../../workflow/file";
import { pointerTo } from "../../../../workflow/path";
import { useTarget } from "../EditorContext";
import { Field, useProblem, useSet } from "./Field";

export function ForEachForm({ action }: { action: Action }) {
  const { takeInto } = useTarget();
  const set = useSet(action);
  const problem = useProblem("list");
  return (
    <>
      <Field name="list">
        <div
          onFocusCapture={() => {
            takeInto((path) => {
              const item = path.findIndex((step) => typeof step === "number");
              set({ list: pointerTo(item === -1 ? path : path.slice(0, item)) });
            });
          }}
        >
          <TextField
            label={words.list}
            hint={words.required}
            description={words.listHint}
            mono
            value={text(action, "list")}
            onChange={(list) => {
              set({ list });
            }}
            error={problem}
          />
        </div>
      </Field>
      <Field name="as">
        <TextField
          label={words.itemName}
          description={words.itemHint(text(action, "as") || "item")}
          mono
          value={text(action, "as")}
          onChange={(as) => {
            set({ as });
          }}
        />
      </Field>
      <p className="muted">{words.eachSteps}</p>
    </>
  );
}
