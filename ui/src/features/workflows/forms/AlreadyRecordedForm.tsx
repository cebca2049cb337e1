import { TextField } from "../../../components/TextField";
import { workflows as words } from "../../../i18n/en";
import { activityColumns } from "../../../workflow/activity";
import type { Action } from "../../../workflow/file";
import { ColumnEntries } from "./Entries";
import { Field, useSet } from "./Field";

export function AlreadyRecordedForm({ action }: { action: Action }) {
  const set = useSet(action);
  const hours = action.withinHours;
  return (
    <>
      <ColumnEntries action={action} member="match" columns={activityColumns} without={[]} />
      <Field name="withinHours">
        <TextField
          label={words.withinHours}
          hint={words.optional}
          description={words.withinHoursHint}
          inputMode="numeric"
          value={typeof hours === "number" ? String(hours) : ""}
          onChange={(value) => {
            const digits = value.replaceAll(/\D/g, "");
            set({ withinHours: digits === "" ? undefined : Number(digits) });
          }}
        />
      </Field>
    </>
  );
}
