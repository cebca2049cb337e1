import type { ReactNode } from "react";
import { workflows as words } from "../../../../i18n/en";
import { actionTypes, allActions, type ActionType } from "../../../../workflow/file";
import type { Slot } from "../canvas/layout";
import { useDraft, useSelection } from "../EditorContext";
import { freeId } from "./newAction";
import { PickMenu } from "../../../../components/PickMenu";

/** Offers every kind of step for one place. Without `children` it is a small +. */
export function AddStep({ slot, children }: { slot: Slot; children?: ReactNode }) {
  const { file, edit } = useDraft();
  const { select } = useSelection();
  const { at, within } = slot;
  const taken = allActions(file.actions).map(({ id }) => id);
  const types = actionTypes.filter((type) => within === undefined || type !== "forEach");
  const label = at === 0 ? words.addFirst : words.addAfter(at);
  return (
    <PickMenu
      label={within === undefined ? label : words.addWithin(label, within)}
      options={types.map((type) => ({ id: type, ...words.types[type] }))}
      onPick={(picked) => {
        const type = picked as ActionType;
        const id = freeId(type, taken);
        edit({ kind: "add", id, type, ...slot });
        select(id);
      }}
    >
      {children}
    </PickMenu>
  );
}
