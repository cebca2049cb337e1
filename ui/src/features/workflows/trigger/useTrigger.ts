import { asObject, flag, type Json } from "../../../workflow/file";
import { change } from "../editor/edits";
import { useDraft } from "../editor/EditorContext";

/** The trigger of the draft, and how to change it. `undefined` takes a member out, so that files stay short. */
export function useTrigger() {
  const { file, edit } = useDraft();
  const { trigger } = file;
  const set = (changes: Record<string, unknown>) => {
    edit({ kind: "trigger", changes });
  };
  return {
    trigger,
    set,
    /** The same for the members of one of its members. */
    setIn: (name: "authentication" | "rateLimit" | "idempotency", changes: Json) => {
      set({ [name]: change(asObject(trigger[name]), changes) });
    },
    /** What a switch needs; it writes only what differs from the default. */
    toggle: (name: string, otherwise: boolean) => ({
      value: flag(trigger, name, otherwise),
      onChange: (value: boolean) => {
        set({ [name]: value === otherwise ? undefined : value });
      },
    }),
  };
}
