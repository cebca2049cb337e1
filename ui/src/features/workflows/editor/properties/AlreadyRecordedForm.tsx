import { workflows as words } from "../../../../i18n/en";
import { activityColumns } from "../../../../workflow/activity";
import type { Action } from "../../../../workflow/file";
import { ColumnEntries } from "./Entries";
import { useSet } from "./Field";
import { MayBeBlank } from "./MayBeBlank";
import { NumberField } from "./WrittenFields";

export function AlreadyRecordedForm({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <>
      <ColumnEntries action={action} member="match" columns={activityColumns} without={[]} />
      <MayBeBlank action={action} member="match" />
      <NumberField
        field="withinHours"
        label={words.withinHours}
        hint={words.optional}
        description={words.withinHoursHint}
        value={action.withinHours}
        onChange={(withinHours) => {
          set({ withinHours });
        }}
      />
    </>
  );
}
