import { allActions, isEnabled, nested, type Action } from "../../workflow/file";
import { freeId } from "./draft";
import { useEditor } from "./EditorContext";

/** What can be done with one action as a whole, by button and by key. */
export function useActionEdits(action: Action) {
  const { file, edit, select } = useEditor();
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
      edit({
        kind: "action",
        id: action.id,
        changes: { enabled: isEnabled(action) ? false : undefined },
      });
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
        document.querySelector<HTMLElement>(`[data-card="${CSS.escape(shown)}"]`)?.focus();
      });
    },
  };
}
