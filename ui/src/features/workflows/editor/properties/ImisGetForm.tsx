import { workflows as words } from "../../../../i18n/en";
import { text, type Action } from "../../../../workflow/file";
import { FreeEntries } from "./Entries";
import { useSet } from "./Field";
import { MayBeBlank } from "./MayBeBlank";
import { TemplateField } from "./TemplateField";

export function ImisGetForm({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <>
      <TemplateField
        field="path"
        label={words.path}
        hint={words.afterApi}
        value={text(action, "path")}
        onChange={(path) => {
          set({ path });
        }}
      />
      <FreeEntries action={action} member="query" title={words.query} nameLabel={words.queryName} />
      <MayBeBlank action={action} member="query" />
    </>
  );
}
