import { useDragAndDrop, type Key } from "react-aria-components";
import { allActions, nested, type Action } from "../../../../workflow/file";
import type { Slot } from "../canvas/layout";
import { useDraft } from "../EditorContext";
import { titleOf } from "./summaries";

type Target = { type: string; key?: Key; dropPosition?: "before" | "after" | "on" };

const kind = "application/x-ihook-step";

/** Puts steps elsewhere in the list, by mouse, finger or keyboard. */
export function useStepDragging() {
  const { file, edit } = useDraft();
  const all = allActions(file.actions);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].flatMap((key) => {
        const action = all.find(({ id }) => id === key);
        return action ? [{ [kind]: action.id, "text/plain": titleOf(action) }] : [];
      }),
    acceptedDragTypes: [kind],
    getDropOperation: (target) => (slotOf(file.actions, target) ? "move" : "cancel"),
    onMove: ({ keys, target }) => {
      const [key] = keys;
      const slot = slotOf(file.actions, target);
      if (key !== undefined && slot) edit({ kind: "place", id: String(key), ...slot });
    },
  });
  return dragAndDropHooks;
}

/** The place that a drop means; none on a step that is no loop. */
export function slotOf(actions: Action[], target: Target): Slot | undefined {
  const { key, dropPosition } = target;
  if (target.type !== "item" || key === undefined) return undefined;
  if (dropPosition === "on") {
    const loop = actions.find(({ id, type }) => id === key && type === "forEach");
    return loop && { at: nested(loop).length, within: loop.id };
  }
  const lists = [
    { list: actions, within: undefined },
    ...actions.map((action) => ({ list: nested(action), within: action.id })),
  ];
  for (const { list, within } of lists) {
    const at = list.findIndex(({ id }) => id === key);
    if (at === -1) continue;
    return {
      at: dropPosition === "after" ? at + 1 : at,
      ...(within !== undefined && { within }),
    };
  }
  return undefined;
}
