import { useState } from "react";
import { Button } from "../../../../components/Button";
import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { columnNamed, sameColumn, type KnownColumn } from "../../../../workflow/activity";
import { templates, type Action } from "../../../../workflow/file";
import styles from "./Form.module.css";
import { useDraft } from "../EditorContext";
import { PickMenu } from "../../../../components/PickMenu";
import { Field } from "./Field";
import { TemplateField } from "./TemplateField";

/** "required · 31 characters", "date and time". */
function limitWords(column: KnownColumn | undefined): string {
  if (column === undefined) return words.unknownField;
  const kind = kindWords(column);
  return column.required ? words.requiredAnd(kind) : kind;
}

function kindWords(column: KnownColumn): string {
  if (column.type === "string") {
    return column.maxLength === undefined ? words.text : words.characters(column.maxLength);
  }
  return words.columnTypes[column.type] ?? column.type;
}

/** How to set one entry of an object member. */
export function useEntry(action: Action, member: string) {
  const { edit } = useDraft();
  return (name: string, value: string | undefined) => {
    edit({ kind: "entry", id: action.id, member, name, value });
  };
}

/** The entries of a member whose names are columns: templates, and a menu of what is left to add. */
export function ColumnEntries({
  action,
  member,
  columns,
  without,
}: {
  action: Action;
  member: "fields" | "match";
  columns: KnownColumn[];
  /** Columns that have their own place in the form. */
  without: string[];
}) {
  const set = useEntry(action, member);
  const entries = templates(action, member);
  const shown = entries.filter(
    ([name]) => !without.some((other) => sameColumn(columns, name, other)),
  );
  const free = columns.filter(
    ({ label }) =>
      ![...without, ...entries.map(([n]) => n)].some((n) => sameColumn(columns, n, label)),
  );
  return (
    <>
      {shown.map(([name, template]) => {
        const column = columnNamed(columns, name);
        return (
          <TemplateField
            key={name}
            field={name}
            label={column?.label ?? name}
            hint={limitWords(column)}
            choices={column?.values}
            value={template}
            onChange={(value) => {
              set(name, value);
            }}
            onRemove={() => {
              set(name, undefined);
            }}
          />
        );
      })}
      {free.length > 0 && (
        <div className={styles.addLine}>
          <Field name={shown.length === 0 ? member : ""}>
            <PickMenu
              label={words.addField}
              options={free.map((column) => ({
                id: column.label,
                label: column.label,
                description: limitWords(column),
              }))}
              onPick={(label) => {
                set(label, "");
              }}
            >
              {words.addField}
            </PickMenu>
          </Field>
        </div>
      )}
    </>
  );
}

/** The entries of a member with free names: headers, query. */
export function FreeEntries({
  action,
  member,
  title,
  nameLabel,
}: {
  action: Action;
  member: "headers" | "query";
  title: string;
  nameLabel: string;
}) {
  const set = useEntry(action, member);
  const [name, setName] = useState("");
  const entries = templates(action, member);
  const add = () => {
    if (name.trim() === "") return;
    set(name.trim(), "");
    setName("");
  };
  return (
    <div className="stack" role="group" aria-label={title}>
      <h3>{title}</h3>
      {entries.map(([key, template]) => (
        <TemplateField
          key={key}
          field={key}
          label={key}
          value={template}
          onChange={(value) => {
            set(key, value);
          }}
          onRemove={() => {
            set(key, undefined);
          }}
        />
      ))}
      <form
        className={styles.entry}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField label={nameLabel} value={name} onChange={setName} />
        <Button icon="plus" type="submit" isDisabled={name.trim() === ""}>
          {words.add}
        </Button>
      </form>
    </div>
  );
}
