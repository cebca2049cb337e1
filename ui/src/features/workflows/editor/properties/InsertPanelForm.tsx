import { ComboBox } from "../../../../components/ComboBox";
import { workflows as words } from "../../../../i18n/en";
import { columnNamed, panelColumns } from "../../../../workflow/activity";
import { templates, text, type Action } from "../../../../workflow/file";
import styles from "./Form.module.css";
import { useChecks } from "../EditorContext";
import { CheckMember } from "./CheckMember";
import { ColumnEntries, useEntry } from "./Entries";
import { Field, useProblem, useSet } from "./Field";
import { TemplateField } from "./TemplateField";

const memberNames = ["ID", "PartyId", "iMIS ID", "Contact ID", "Member ID"];

export function InsertPanelForm({ action }: { action: Action }) {
  const { metadata } = useChecks();
  const set = useSet(action);
  const setField = useEntry(action, "fields");
  const problem = useProblem("panel");
  const name = text(action, "panel");
  const panel = metadata?.panels.find((each) => each.name.toLowerCase() === name.toLowerCase());
  const columns = panelColumns(panel?.columns ?? []);
  const idColumn = columns.find((column) =>
    memberNames.some((each) => columnNamed([column], each)),
  );
  const [idName, idValue] = templates(action, "fields").find(
    ([key]) => memberNames.includes(key) || key === idColumn?.name,
  ) ?? ["ID", ""];
  return (
    <>
      <Field name="panel">
        <ComboBox
          label={words.panel}
          hint={metadata ? words.fromImis : ""}
          options={(metadata?.panels ?? []).map((each) => ({
            id: each.name,
            label: each.name,
            description: words.panelKinds[each.kind] ?? each.kind,
          }))}
          value={name}
          onChange={(value) => {
            set({ panel: value });
          }}
          error={problem}
        />
        {panel?.kind === "single" && <p className={styles.preview}>{words.singlePanel}</p>}
      </Field>
      <TemplateField
        field={idName}
        label={words.fieldId}
        hint={words.memberOfRow}
        value={idValue}
        onChange={(value) => {
          setField(idName, value);
        }}
      />
      <ColumnEntries
        action={action}
        member="fields"
        columns={columns}
        without={[idName, idColumn?.name ?? "ID"]}
      />
      {name === "" && <p className="muted">{words.choosePanel}</p>}
      <CheckMember action={action} />
    </>
  );
}
