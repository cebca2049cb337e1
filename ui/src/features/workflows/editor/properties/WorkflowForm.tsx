import { useRead } from "../../../../api/queries";
import { Link } from "../../../../components/Button";
import { Note } from "../../../../components/Notes";
import { Select } from "../../../../components/Select";
import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { text } from "../../../../workflow/file";
import styles from "./Form.module.css";
import { Destination } from "./Destination";
import { useDraft, useOpened } from "../EditorContext";
import { Field, useProblem } from "./Field";

/** The workflow as a whole: what it is called and where it writes. */
export function WorkflowForm() {
  const { file, edit } = useDraft();
  const { detail, id } = useOpened();
  const known = useRead("connection_list", {}).data?.connections ?? [];
  const nameProblem = useProblem("name");
  const connectionProblem = useProblem("connection");
  const set = (changes: Record<string, unknown>) => {
    edit({ kind: "workflow", changes });
  };
  const names = [...new Set([...known.map(({ name }) => name), file.connection])];
  return (
    <>
      <div className={styles.propertiesHead}>
        <h2>{words.workflow}</h2>
      </div>
      {id === undefined && <p className={styles.lead}>{words.newLead}</p>}
      {detail?.workflow.status === "archived" && (
        <Note tone="warn" title={words.archivedTitle}>
          {words.archivedLead}
        </Note>
      )}
      <div className={styles.form}>
        <Field name="name">
          <TextField
            label={words.name}
            hint={words.required}
            description={words.nameHint}
            placeholder={words.checkInName}
            value={file.name}
            onChange={(name) => {
              set({ name });
            }}
            error={file.name === "" && id === undefined ? undefined : nameProblem}
          />
        </Field>
        <TextField
          label={words.description}
          rows={3}
          value={text(file, "description")}
          onChange={(description) => {
            set({ description });
          }}
        />
        <Field name="connection">
          <Select
            label={words.connection}
            description={
              <>
                {connectionProblem !== undefined && (
                  <span className={styles.bad}>{connectionProblem} </span>
                )}
                {file.connection === "sandbox" ? words.sandboxNote : words.siteNote}
              </>
            }
            options={names.map((name) => {
              const baseUrl = known.find((each) => each.name === name)?.baseUrl;
              return { id: name, label: name, ...(baseUrl && { description: baseUrl }) };
            })}
            value={file.connection}
            onChange={(connection) => {
              set({ connection });
            }}
          />
        </Field>
        <Destination brief />
        <div>
          <Link href="/connections">{words.toConnections}</Link>
        </div>
      </div>
    </>
  );
}
