/** A stretch of the text, as offsets in UTF-16 units, and what is wrong with it. */
export type Mark = { from: number; to: number; message: string };

export type CodeEditorProps = {
  label: string;
  /** Small and grey at the end of the label's line. */
  hint?: string;
  language: "json" | "liquid" | "text";
  value: string;
  onChange?: (value: string) => void;
  /** Where the text is wrong: shown under the editor and read out by a screen reader. */
  error?: string | undefined;
  /** Lines shown; it grows between the two. */
  minLines?: number;
  maxLines?: number;
  readOnly?: boolean;
  /** One line: Enter does not break it (for template fields). */
  singleLine?: boolean;
  /** Dotted paths to offer inside `{{ }}`, such as `input.memberId`. */
  completions?: string[];
  /** Underlined, with the reason when pointed at. The reasons must be said elsewhere too. */
  marks?: Mark[];
  /** What pasted text becomes behind what stands before it; undefined: it is taken as it is. */
  onPaste?: (text: string, before: string) => Promise<string> | undefined;
  /** What is inserted where something of the MIME type `type` is dropped; `before` stands in front of it. */
  drop?: { type: string; insert: (data: string, before: string) => string };
  /** Called with a function that inserts at the cursor; it may look at what stands before. */
  onReady?: (insert: (text: string | ((before: string) => string)) => void) => void;
};
