import { useState } from "react";
import type { Commands } from "../../../api/bindings";
import { call } from "../../../api/call";
import { asApiError } from "../../../api/errors";
import { Button } from "../../../components/Button";
import { CodeEditor } from "../../../components/CodeEditor";
import { Switch } from "../../../components/Switch";
import { TextField } from "../../../components/TextField";
import { toast } from "../../../components/toast";
import { workflows as words } from "../../../i18n/en";
import { tryParse } from "../../../json";
import { flag, pretty, text, type Action } from "../../../workflow/file";
import { isBranch } from "../../../workflow/path";
import styles from "../Editor.module.css";
import { useEditor } from "../EditorContext";
import { Field, useProblem, useSet } from "./Field";

type Evidence = Commands["schema_from_samples"]["response"]["evidence"];

export function SchemaForm({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <>
      <SchemaText
        schema={action.schema}
        onChange={(schema) => {
          set({ schema });
        }}
      />
      <FromSamples
        onSchema={(schema) => {
          set({ schema });
        }}
      />
      <Field name="path">
        <TextField
          label={words.schemaPath}
          hint={words.optional}
          description={words.schemaPathHint}
          mono
          value={text(action, "path")}
          onChange={(path) => {
            set({ path: path === "" ? undefined : path });
          }}
        />
      </Field>
      <Field name="errorProperty">
        <TextField
          label={words.errorProperty}
          hint={words.optional}
          description={words.errorPropertyHint}
          mono
          value={text(action, "errorProperty")}
          onChange={(errorProperty) => {
            set({ errorProperty: errorProperty === "" ? undefined : errorProperty });
          }}
        />
      </Field>
      <Switch
        value={flag(action, "strictDateTime", false)}
        onChange={(strict) => {
          set({ strictDateTime: strict ? true : undefined });
        }}
        description={words.strictDateTimeHint}
      >
        {words.strictDateTime}
      </Switch>
    </>
  );
}

/** What is typed stays as typed; the file holds it as an object as soon as it is one. */
function SchemaText({
  schema,
  onChange,
}: {
  schema: unknown;
  onChange: (schema: unknown) => void;
}) {
  const problem = useProblem("schema");
  const [typed, setTyped] = useState({ text: asText(schema), gave: schema });
  if (typed.gave !== schema) setTyped({ text: asText(schema), gave: schema });
  const parsed = typed.text.trim() === "" ? undefined : tryParse(typed.text);
  const fault = parsed && "fault" in parsed ? words.notJson(parsed.fault) : undefined;
  return (
    <Field name="schema">
      <CodeEditor
        label={words.schema}
        hint={words.schemaHint}
        language="json"
        minHeight="150px"
        maxHeight="340px"
        value={typed.text}
        error={fault ?? problem}
        onChange={(value) => {
          const now = tryParse(value);
          const gives =
            "value" in now && isBranch(now.value) && !Array.isArray(now.value) ? now.value : value;
          setTyped({ text: value, gave: gives });
          onChange(gives);
        }}
      />
    </Field>
  );
}

function asText(schema: unknown): string {
  return typeof schema === "string" ? schema : pretty(schema ?? {});
}

const mostSamples = 10;

function FromSamples({ onSchema }: { onSchema: (schema: unknown) => void }) {
  const { samples } = useEditor();
  const [busy, setBusy] = useState(false);
  const [evidence, setEvidence] = useState<Evidence>();
  async function infer() {
    setBusy(true);
    try {
      const payloads = await Promise.all(samples.slice(0, mostSamples).map(payloadOf));
      const { schema, evidence: seen } = await call("schema_from_samples", {
        samples: payloads.filter((payload) => isBranch(payload) && !Array.isArray(payload)),
      });
      onSchema(schema);
      setEvidence(seen);
    } catch (error) {
      toast("bad", asApiError(error).message);
    }
    setBusy(false);
  }
  return (
    <div className="stack">
      <div className="row">
        <Button isPending={busy} isDisabled={samples.length === 0} onPress={() => void infer()}>
          {words.fromSamples}
        </Button>
        <span className="muted">
          {samples.length === 0
            ? words.fromSamplesNone
            : words.fromSamplesHint(Math.min(samples.length, mostSamples))}
        </span>
      </div>
      {evidence && (
        <table className={styles.evidence}>
          <caption className="visuallyHidden">{words.evidence}</caption>
          <tbody>
            {evidence.map(({ path, type, note }) => (
              <tr key={path}>
                <th scope="row">
                  <code>{path || "/"}</code>
                </th>
                <td>{type}</td>
                <td className="muted">{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

async function payloadOf({ id, payload }: { id: string; payload: unknown }): Promise<unknown> {
  if (payload !== undefined || !id.startsWith("run:")) return payload;
  return (await call("run_get", { id: id.slice(4) })).payload;
}
