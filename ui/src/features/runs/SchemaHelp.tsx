import { useRead } from "../../api/queries";
import { Icon } from "../../components/Icon";
import { runs as words } from "../../i18n/en";
import { asFile, asObject, isEnabled, schemaOf } from "../../workflow/file";
import { describe } from "../../workflow/schemaWords";
import styles from "./Run.module.css";

/** What the workflow expects of a payload, and what of it is there: told while somebody types. */
export function SchemaHelp({ workflowId, payload }: { workflowId: string; payload: unknown }) {
  const { data } = useRead("workflow_get", { id: workflowId });
  if (!data) return null;
  const validation = asFile(data.file).actions.find(
    (action) => isEnabled(action) && action.type === "jsonSchemaValidation",
  );
  const rows = validation ? describe(schemaOf(validation)) : [];
  if (rows.length === 0) return <p className="muted">{words.edit.noSchema}</p>;
  return (
    <section aria-label={words.edit.wanted}>
      <h3>{words.edit.wanted}</h3>
      <ul className={styles.wanted}>
        {rows.map(({ path, required, what }) => {
          const state = has(payload, path) ? "present" : required ? "absent" : "optional";
          return (
            <li key={path} data-state={state}>
              <Icon
                name={state === "present" ? "check" : state === "absent" ? "cross" : "minus"}
                size={13}
              />
              <code>{path}</code>
              <span className="muted">{what}</span>
              <span className="faint">{words.edit[state]}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** `attendee.email`; of a list its first item counts. */
function has(payload: unknown, path: string): boolean {
  let at: unknown = payload;
  for (const step of path.split(".")) {
    const name = step.replace(/\[\]$/, "");
    const object = asObject(at);
    if (!(name in object)) return false;
    at = object[name];
    if (name !== step && Array.isArray(at)) at = at[0];
  }
  return true;
}
