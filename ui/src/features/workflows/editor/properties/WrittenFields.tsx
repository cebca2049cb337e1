import { useState, type ReactNode } from "react";
import { TextField } from "../../../../components/TextField";
import { asList } from "../../../../workflow/file";
import { Field, useProblem } from "./Field";
import { asLines, asNumber, asText } from "./written";

type Common = {
  /** The name problems call it by. */
  field: string;
  label: string;
  hint?: string;
  description?: ReactNode;
  placeholder?: string;
};

/** A number of the file; anything else typed there is kept, and named as wrong. */
export function NumberField({
  field,
  value,
  onChange,
  ...shown
}: Common & { value: unknown; onChange: (value: number | string | undefined) => void }) {
  const problem = useProblem(field);
  return (
    <Field name={field}>
      <TextField
        {...shown}
        inputMode="decimal"
        value={asText(value)}
        onChange={(text) => {
          onChange(asNumber(text));
        }}
        error={problem}
      />
    </Field>
  );
}

/** A list of the file, one entry on a line. */
export function LinesField({
  field,
  value,
  onChange,
  ...shown
}: Common & { value: unknown; onChange: (value: string[] | undefined) => void }) {
  const problem = useProblem(field);
  const written = asList(value).map(asText).join("\n");
  const [typed, setTyped] = useState(written);
  // Blank lines are there while somebody types; whatever else changes the list shows at once.
  const text = (asLines(typed) ?? []).join("\n") === written ? typed : written;
  return (
    <Field name={field}>
      <TextField
        {...shown}
        mono
        rows={2}
        value={text}
        onChange={(now) => {
          setTyped(now);
          onChange(asLines(now));
        }}
        error={problem}
      />
    </Field>
  );
}

/** A text of the file. */
export function MemberField({
  field,
  value,
  onChange,
  ...shown
}: Common & { value: unknown; onChange: (value: string | undefined) => void }) {
  const problem = useProblem(field);
  return (
    <Field name={field}>
      <TextField
        {...shown}
        mono
        value={asText(value)}
        onChange={(text) => {
          onChange(text === "" ? undefined : text);
        }}
        error={problem}
      />
    </Field>
  );
}
