import { useState } from "react";
import { useRead } from "../../../api/queries";
import { Button, LinkButton } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { ErrorNote, Note, Skeleton } from "../../../components/Notes";
import { Switch } from "../../../components/Switch";
import { TextField } from "../../../components/TextField";
import { workflows as words } from "../../../i18n/en";
import { list } from "../../../i18n/format";
import { flag, text } from "../../../workflow/file";
import styles from "../Editor.module.css";
import { useEditor } from "../EditorContext";
import { RegenerateDialog } from "../RegenerateDialog";
import { Field, useProblem } from "./Field";

const shown = [
  "type",
  "metadataOutputProperty",
  "return202Accepted",
  "omitResponseBody",
  "validateBeforeAnswering",
  "ordered",
];

/** How the workflow is called and answers. */
export function TriggerForm() {
  const { file, edit, id } = useEditor();
  const { trigger } = file;
  const problem = useProblem("metadataOutputProperty");
  const set = (changes: Record<string, unknown>) => {
    edit({ kind: "trigger", changes });
  };
  /** A switch writes only what differs from the default, so that files stay short. */
  const toggle = (name: string, otherwise: boolean) => ({
    value: flag(trigger, name, otherwise),
    onChange: (value: boolean) => {
      set({ [name]: value === otherwise ? undefined : value });
    },
  });
  const others = Object.keys(trigger).filter((name) => !shown.includes(name));
  return (
    <>
      <div className={styles.propertiesHead}>
        <h2>{words.trigger}</h2>
      </div>
      <p className={styles.lead}>{words.triggerLead}</p>
      <div className={styles.form}>
        {id === undefined ? <Note tone="idle">{words.urlLater}</Note> : <Url id={id} />}
        <Field name="metadataOutputProperty">
          <TextField
            label={words.metadata}
            hint={words.optional}
            description={words.metadataHint}
            mono
            value={text(trigger, "metadataOutputProperty")}
            onChange={(value) => {
              set({ metadataOutputProperty: value === "" ? undefined : value });
            }}
            error={problem}
          />
        </Field>
        <Switch {...toggle("return202Accepted", false)} description={words.return202Hint}>
          {words.return202}
        </Switch>
        <Switch {...toggle("omitResponseBody", false)} description={words.omitHint}>
          {words.omit}
        </Switch>
        <Switch {...toggle("validateBeforeAnswering", true)} description={words.validateFirstHint}>
          {words.validateFirst}
        </Switch>
        <Switch {...toggle("ordered", false)} description={words.orderedHint}>
          {words.ordered}
        </Switch>
        {others.length > 0 && <p className="muted">{words.otherTrigger(list(others))}</p>}
      </div>
    </>
  );
}

function Url({ id }: { id: string }) {
  const { detail } = useEditor();
  const { data, error, refetch } = useRead("workflow_url", { id });
  const [regenerating, setRegenerating] = useState(false);
  const status = detail?.workflow.status;
  return (
    <section className="stack" aria-label={words.url}>
      <div>
        <h3>{words.url}</h3>
        <p className="muted">{words.urlHint}</p>
      </div>
      {data ? (
        <>
          <div className={styles.url}>
            <code>{data.url}</code>
            <CopyButton text={data.url} label={words.copyUrl} iconOnly />
          </div>
          {data.localUrl !== data.url && (
            <div className={styles.url}>
              <span className="faint">{words.localUrl}</span>
              <code>{data.localUrl}</code>
              <CopyButton text={data.localUrl} label={words.copyLocalUrl} iconOnly />
            </div>
          )}
        </>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={1} />
      )}
      {status !== undefined && status !== "active" && (
        <p className="muted">{words.urlStates[status]}</p>
      )}
      <div className="row">
        <Button
          icon="rerun"
          onPress={() => {
            setRegenerating(true);
          }}
        >
          {words.regenerate}
        </Button>
        <LinkButton href={`/sender?workflow=${id}`} variant="quiet" icon="sender">
          {words.test}
        </LinkButton>
      </div>
      <RegenerateDialog
        id={id}
        isOpen={regenerating}
        onClose={() => {
          setRegenerating(false);
        }}
      />
    </section>
  );
}
