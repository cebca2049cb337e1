import { ComboBox } from "../../../../components/ComboBox";
import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { activityColumns, columnNamed } from "../../../../workflow/activity";
import { templates, text, type Action } from "../../../../workflow/file";
import { useChecks } from "../EditorContext";
import { usePreview } from "../sample/usePreview";
import { CheckMember } from "./CheckMember";
import { ColumnEntries, useEntry } from "./Entries";
import { Field, useProblem, useSet, useTakeInto } from "./Field";
import { PreviewLine, TemplateField } from "./TemplateField";

const required = ["ID", "Activity Type", "Transaction Date"];

export function InsertActivityForm({ action }: { action: Action }) {
  const set = useSet(action);
  const setField = useEntry(action, "fields");
  const markerProblem = useProblem("markerField");
  const [idName, idValue] = entryOf(action, "PartyId", "ID");
  const [typeName, typeValue] = entryOf(action, "ACTIVITY_TYPE", "Activity Type");
  const [dateName, dateValue] = entryOf(action, "TRANSACTION_DATE", "Transaction Date");
  return (
    <>
      <TemplateField
        field={idName}
        label={words.fieldId}
        hint={words.requiredAnd(words.characters(10))}
        value={idValue}
        onChange={(value) => {
          setField(idName, value);
        }}
      />
      <ActivityTypeField
        name={typeName}
        value={typeValue}
        onChange={(value) => {
          setField(typeName, value);
        }}
      />
      <TemplateField
        field={dateName}
        label={words.fieldDate}
        hint={words.blankToday}
        value={dateValue}
        onChange={(value) => {
          setField(dateName, value);
        }}
      />
      <ColumnEntries action={action} member="fields" columns={activityColumns} without={required} />
      <CheckMember action={action} />
      <Field name="markerField">
        <TextField
          label={words.marker}
          hint={words.optional}
          description={words.markerHint}
          value={text(action, "markerField")}
          onChange={(value) => {
            set({ markerField: value === "" ? undefined : value });
          }}
          error={markerProblem}
        />
      </Field>
    </>
  );
}

/** The name as the file writes it, and its template. */
function entryOf(
  action: Action,
  property: string,
  label: string,
): [name: string, template: string] {
  return (
    templates(action, "fields").find(
      ([name]) => columnNamed(activityColumns, name)?.name === property,
    ) ?? [label, ""]
  );
}

function ActivityTypeField({
  name,
  value,
  onChange,
}: {
  /** As the file writes it. */
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { metadata } = useChecks();
  const problem = useProblem(name);
  const preview = usePreview(value, name);
  const onFocus = useTakeInto(value, onChange);
  const types = metadata?.activityTypes ?? [];
  const chosen = types.find(({ code }) => code.toLowerCase() === value.trim().toLowerCase());
  return (
    <Field name={name}>
      <div onFocusCapture={onFocus}>
        <ComboBox
          label={words.fieldType}
          hint={words.requiredAnd(metadata ? words.fromImis : words.characters(10))}
          options={types.map(({ code, description }) => ({ id: code, label: code, description }))}
          value={value}
          onChange={onChange}
          error={problem}
        />
        <PreviewLine template={value} preview={preview} after={chosen?.description} />
      </div>
    </Field>
  );
}
