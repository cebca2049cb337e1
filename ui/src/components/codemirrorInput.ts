import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { Mark } from "./codeEditing";

/** Replaces what is underlined. */
export const setMarks = StateEffect.define<Mark[]>();

/** Underlines move with the text around them until the next ones come. */
export const marking = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, change) => {
    const given = change.effects.find((effect) => effect.is(setMarks));
    if (!given) return marks.map(change.changes);
    const { length } = change.newDoc;
    const inside = given.value.filter(({ from, to }) => from < to && to <= length);
    return Decoration.set(
      inside.map(({ from, to, message }) =>
        Decoration.mark({ class: "cm-unknown", attributes: { title: message } }).range(from, to),
      ),
      true,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** What pasted text becomes where it is not taken as it is; `before` stands in front of it. */
export type Pasting = (text: string, before: string) => Promise<string> | undefined;

/** One line stays one line, also when more is pasted. */
export function pasting(change: Pasting, singleLine: boolean): Extension {
  const fit = (text: string) => (singleLine ? text.trim().replaceAll(/\s*\n\s*/g, " ") : text);
  return [
    EditorView.clipboardInputFilter.of(fit),
    EditorView.domEventHandlers({
      paste: (event, view) => {
        const { from } = view.state.selection.main;
        const text = fit(event.clipboardData?.getData("text/plain") ?? "");
        const changed = change(text, view.state.sliceDoc(0, from));
        if (changed === undefined) return false;
        event.preventDefault();
        void changed.then((now) => {
          view.dispatch(view.state.replaceSelection(now), { userEvent: "input.paste" });
        });
        return true;
      },
    }),
  ];
}

/** Lets things be dropped that say what they are by a MIME type. */
export function dropping(
  insert: (data: (type: string) => string, before: string) => string | undefined,
): Extension {
  return EditorView.domEventHandlers({
    drop: (event, view) => {
      const transfer = event.dataTransfer;
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
      const text = transfer && insert((type) => transfer.getData(type), view.state.sliceDoc(0, at));
      if (text === null || text === undefined) return false;
      event.preventDefault();
      view.dispatch({
        changes: { from: at, insert: text },
        selection: { anchor: at + text.length },
        userEvent: "input.drop",
      });
      view.focus();
      return true;
    },
  });
}
