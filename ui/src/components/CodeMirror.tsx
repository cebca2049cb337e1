import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import type { CodeEditorProps } from "./codeEditing";
import { completing, languageOf, setup } from "./codemirrorSetup";
import { dropping, marking, pasting, setMarks, type Pasting } from "./codemirrorInput";
import { cx } from "./cx";
import styles from "./CodeEditor.module.css";

/** The one place that knows CodeMirror's view. `value` may change from outside at any time. */
export default function CodeMirror({
  label,
  language,
  value,
  onChange,
  error,
  minLines = 3,
  maxLines = 18,
  readOnly = false,
  singleLine = false,
  completions,
  marks,
  onPaste,
  drop,
  onReady,
  describedBy,
}: CodeEditorProps & { describedBy: string | undefined }) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const offered = useRef(new Compartment());
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const pasted = useEffectEvent<Pasting>((text, before) => onPaste?.(text, before));
  const dropped = useEffectEvent((type: (type: string) => string, before: string) => {
    const data = drop && type(drop.type);
    return data === undefined || data === "" ? undefined : drop?.insert(data, before);
  });
  const create = useEffectEvent((parent: HTMLElement) => {
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: [
          setup({ readOnly, singleLine, minLines, maxLines }),
          languageOf(language),
          marking,
          pasting(pasted, singleLine),
          dropping(dropped),
          offered.current.of(completing(completions)),
          EditorView.contentAttributes.of({
            "aria-label": label,
            // It has the focus without this too; who judges a page from outside sees it only so.
            tabindex: "0",
            ...(describedBy !== undefined && { "aria-describedby": describedBy }),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    onReady?.((text) => {
      const before = editor.state.sliceDoc(0, editor.state.selection.main.from);
      editor.dispatch(
        editor.state.replaceSelection(typeof text === "string" ? text : text(before)),
      );
      editor.focus();
    });
    return editor;
  });

  useEffect(() => {
    if (!host.current) return;
    const editor = create(host.current);
    return () => {
      editor.destroy();
    };
  }, [language, readOnly, singleLine]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: setMarks.of(marks ?? []) });
  }, [marks]);

  const offeredKey = completions?.join("\n");
  useEffect(() => {
    view.current?.dispatch({
      effects: offered.current.reconfigure(completing(offeredKey?.split("\n"))),
    });
  }, [offeredKey]);

  return <div ref={host} className={cx(styles.editor, error !== undefined && styles.invalid)} />;
}
