import { autocompletion, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { liquid } from "@codemirror/lang-liquid";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { linesHigh } from "./grid";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.attributeName], color: "var(--text-2)" },
  { tag: [tags.string], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--busy)" },
  { tag: [tags.variableName, tags.function(tags.variableName)], color: "var(--accent)" },
  { tag: [tags.keyword, tags.controlKeyword], color: "var(--warn)" },
  { tag: [tags.comment], color: "var(--text-3)", fontStyle: "italic" },
  { tag: [tags.invalid], color: "var(--bad)" },
]);

function look(minLines: number, maxLines: number) {
  return EditorView.theme({
    "&": { color: "var(--text)", fontSize: "var(--fs-s)", backgroundColor: "transparent" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": {
      fontFamily: "var(--font-code)",
      lineHeight: "var(--lh-loose)",
      minHeight: linesHigh(minLines),
      maxHeight: linesHigh(maxLines),
    },
    ".cm-content": { padding: "var(--s1) 0", caretColor: "var(--text)" },
    ".cm-line": { padding: "0 var(--s2)" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
      { background: "color-mix(in srgb, var(--accent) 28%, transparent)" },
    ".cm-tooltip": {
      background: "var(--raised)",
      border: "var(--hair) solid var(--line-strong)",
      borderRadius: "var(--r-s)",
      boxShadow: "var(--shadow-over)",
    },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
      background: "var(--accent-soft)",
      color: "var(--accent)",
    },
    ".cm-unknown": {
      textDecoration: "underline wavy var(--warn) var(--hair)",
      textUnderlineOffset: "var(--s0)",
    },
    ".cm-specialChar": { color: "var(--bad)" },
    ".cm-panels": { background: "var(--surface)", color: "var(--text)" },
  });
}

const oneLine = EditorState.transactionFilter.of((change) =>
  change.newDoc.lines > 1 ? [] : change,
);

export function setup(options: {
  readOnly: boolean;
  singleLine: boolean;
  minLines: number;
  maxLines: number;
}): Extension {
  return [
    history(),
    drawSelection(),
    // Signs that are not seen, or that turn the text around them, are drawn as dots with their names.
    highlightSpecialChars(),
    bracketMatching(),
    highlightSelectionMatches(),
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    look(options.minLines, options.maxLines),
    // Tab is left to the page: the keyboard must never be caught.
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
    options.readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(true)] : [],
    options.singleLine ? oneLine : [],
  ];
}

export function languageOf(language: "json" | "liquid" | "text"): Extension {
  if (language === "json") {
    const lint = jsonParseLinter();
    return [json(), linter((view) => (view.state.doc.length === 0 ? [] : lint(view)))];
  }
  return language === "liquid" ? liquid() : [];
}

/** Offers the paths inside `{{ … }}`; outside it offers the whole expression. */
export function completing(paths: string[] | undefined): Extension {
  if (paths === undefined || paths.length === 0) return [];
  const source: CompletionSource = (context) => {
    const word = context.matchBefore(/[\w.{ ]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const before = context.state.sliceDoc(0, context.pos);
    const inside = before.lastIndexOf("{{") > before.lastIndexOf("}}");
    const path = context.matchBefore(/[\w.]*/);
    return {
      from: path?.from ?? context.pos,
      options: paths.map((label) => ({
        label,
        type: "variable",
        ...(!inside && { apply: `{{ ${label} }}` }),
      })),
      validFor: /^[\w.]*$/,
    };
  };
  return autocompletion({ override: [source], icons: false });
}
