import { allActions, isEnabled, nested, type Action } from "../../../../workflow/file";
import { useDraft, useSelection, type Edited, type Selection } from "../EditorContext";
import { freeId } from "./newAction";

export type ActionEdits = ReturnType<typeof actionEdits>;

/** What can be done with one action as a whole, by button and by key. */
export function useActionEdits(action: Action): ActionEdits {
  const { file, edit } = useDraft();
  const { select } = useSelection();
  return actionEdits({ file, edit, select }, action);
}

export function actionEdits(
  { file, edit, select }: Edited & Pick<Selection, "select">,
  action: Action,
) {
  const all = allActions(file.actions);
  const siblings =
    all.map(nested).find((list) => list.some(({ id }) => id === action.id)) ?? file.actions;
  const at = siblings.findIndex(({ id }) => id === action.id);
  return {
    isFirst: at === 0,
    isLast: at === siblings.length - 1,
    move: (by: -1 | 1) => {
      edit({ kind: "move", id: action.id, by });
    },
    toggle: () => {
      const enabled = isEnabled(action) ? false : undefined;
      edit({ kind: "action", id: action.id, changes: { enabled } });
    },
    duplicate: () => {
      const as = freeId(
        action.type,
        all.map(({ id }) => id),
      );
      edit({ kind: "duplicate", id: action.id, as });
      select(as);
    },
    remove: () => {
      const next = siblings[at + 1] ?? siblings[at - 1];
      edit({ kind: "remove", id: action.id });
      const shown = next?.id ?? "trigger";
      select(shown);
      // What had the focus is gone with it.
      requestAnimationFrame(() => {
        cardOf(shown)?.focus();
      });
    },
  };
}

/** What stands for a step on the screen: its card on the canvas, or its row in the list. */
function cardOf(step: string): HTMLElement | null {
  const name = CSS.escape(step);
  return document.querySelector(`[data-card="${name}"], [role="row"][data-key="${name}"]`);
}

export type StepKey = { key: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean };

/** Does what the key means for a step that has the focus; false when it means nothing. */
export function pressStepKey(
  { key, altKey, ctrlKey, metaKey }: StepKey,
  act: ActionEdits,
): boolean {
  if (key === "Delete" || key === "Backspace") act.remove();
  else if (altKey && key === "ArrowUp") act.move(-1);
  else if (altKey && key === "ArrowDown") act.move(1);
  else if ((ctrlKey || metaKey) && key.toLowerCase() === "d") act.duplicate();
  else if ((ctrlKey || metaKey) && key === "/") act.toggle();
  else return false;
  return true;
}
