import { Select } from "../../../../components/Select";
import { Switch } from "../../../../components/Switch";
import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { allActions, isEnabled, nested, text, type Action } from "../../../../workflow/file";
import { titleOf } from "../steps/summaries";
import styles from "./Form.module.css";
import { useDraft } from "../EditorContext";
import { Field, useProblem, useSet } from "./Field";

/** What follows when it fails or is disabled, and where its result goes: the same for every action. */
export function FlowForm({ action }: { action: Action }) {
  const set = useSet(action);
  const outputProblem = useProblem("outputProperty");
  const enabled = isEnabled(action);
  const failureJumps = useJumps(action, action.onFailure);
  const disabledJumps = useJumps(action, action.whenDisabled);
  return (
    <div className={styles.group}>
      {action.type !== "gate" && (
        <Field name="onFailure">
          <Select
            label={words.onFailure}
            options={[
              { id: "fail", label: words.flow.fail },
              { id: "succeed", label: words.flow.succeed },
              { id: "continue", label: words.flow.continue },
              ...failureJumps,
            ]}
            value={choiceOf(action.onFailure, "fail")}
            onChange={(choice) => {
              set({ onFailure: choice === "fail" ? undefined : valueOf(choice) });
            }}
          />
        </Field>
      )}
      <Switch
        value={enabled}
        onChange={(value) => {
          set({ enabled: value ? undefined : false });
        }}
      >
        {words.enabled}
      </Switch>
      {(!enabled || action.whenDisabled !== undefined) && (
        <Field name="whenDisabled">
          <Select
            label={words.whenDisabled}
            options={[
              { id: "skip", label: words.flow.skip },
              { id: "fail", label: words.flow.fail },
              { id: "succeed", label: words.flow.succeed },
              { id: "continue", label: words.flow.continue },
              ...disabledJumps,
            ]}
            value={choiceOf(action.whenDisabled, "skip")}
            onChange={(choice) => {
              set({ whenDisabled: choice === "skip" ? undefined : valueOf(choice) });
            }}
          />
        </Field>
      )}
      <Field name="outputProperty">
        <TextField
          label={words.outputProperty}
          hint={words.optional}
          description={words.outputHint}
          mono
          value={text(action, "outputProperty")}
          onChange={(value) => {
            set({ outputProperty: value === "" ? undefined : value });
          }}
          error={outputProblem}
        />
      </Field>
      <TextField
        label={words.stepName}
        hint={words.optional}
        placeholder={words.types[action.type].label}
        value={text(action, "name")}
        onChange={(value) => {
          set({ name: value === "" ? undefined : value });
        }}
      />
    </div>
  );
}

/** Jumps go forward, within the action's own list. The one that is set is there, also when it cannot be any more. */
export function useJumps(action: Action, set: unknown): { id: string; label: string }[] {
  const { file } = useDraft();
  const lists = [file.actions, ...file.actions.map(nested)];
  const siblings = lists.find((each) => each.some(({ id }) => id === action.id)) ?? [];
  const at = siblings.findIndex(({ id }) => id === action.id);
  const jumps = siblings
    .slice(at + 1)
    .map((later) => ({ id: `goTo:${later.id}`, label: words.flow.goTo(titleOf(later)) }));
  const now = choiceOf(set, "");
  if (!now.startsWith("goTo:") || jumps.some(({ id }) => id === now)) return jumps;
  const lost = allActions(file.actions).find(({ id }) => `goTo:${id}` === now);
  return [...jumps, { id: now, label: words.flow.lost(lost ? titleOf(lost) : now.slice(5)) }];
}

/** `"fail"` and `{"goTo": "id"}` as one choice's id, and back. */
export function choiceOf(value: unknown, otherwise: string): string {
  const goTo = (value as { goTo?: string } | undefined)?.goTo;
  return typeof value === "string" ? value : goTo === undefined ? otherwise : `goTo:${goTo}`;
}

export function valueOf(choice: string): unknown {
  return choice.startsWith("goTo:") ? { goTo: choice.slice(5) } : choice;
}
