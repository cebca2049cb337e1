import { workflows as words } from "../../../../i18n/en";
import { text, type Action } from "../../../../workflow/file";
import { useSet } from "./Field";
import { TemplateField } from "./TemplateField";

export function NotifyForm({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <>
      <TemplateField
        field="title"
        label={words.notifyTitle}
        value={text(action, "title")}
        onChange={(title) => {
          set({ title });
        }}
      />
      <TemplateField
        field="message"
        label={words.notifyMessage}
        multiline
        value={text(action, "message")}
        onChange={(message) => {
          set({ message });
        }}
      />
    </>
  );
}
