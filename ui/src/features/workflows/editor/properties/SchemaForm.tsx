import { useState } from "react";
import { Button } from "../../../../components/Button";
import { CodeEditor } from "../../../../components/CodeEditor";
import { Segments } from "../../../../components/Segments";
import { Switch } from "../../../../components/Switch";
import { TextField } from "../../../../components/TextField";
import { workflows as words } from "../../../../i18n/en";
import { tryParse } from "../../../../json";
import { flag, pretty, schemaOf, text, type Action } from "../../../../workflow/file";
import { isBranch } from "../../../../workflow/path";
import { Field, useProblem, useSet } from "./Field";
import { SamplesSheet } from "../sample/SamplesSheet";
import { SchemaWords } from "../sample/SchemaWords";

export function SchemaForm({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <>
      <Schema action={action} />
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

type View = (typeof words.schemaViews)[number]["id"];

/** The schema to read, or to write, and a way to make one from what really comes. */
function Schema({ action }: { action: Action }) {
  const set = useSet(action);
  const [view, setView] = useState<View>("json");
  const [sampling, setSampling] = useState(false);
  return (
    <div className="stack">
      <div className="row">
        <Segments
          label={words.schemaViewOf}
          options={words.schemaViews}
          value={view}
          onChange={setView}
        />
        <span className="grow" />
        <Button
          onPress={() => {
            setSampling(true);
          }}
        >
          {words.fromSamples}
        </Button>
      </div>
      {view === "words" ? (
        <SchemaWords schema={schemaOf(action)} />
      ) : (
        <SchemaText
          schema={action.schema}
          onChange={(schema) => {
            set({ schema });
          }}
        />
      )}
      {sampling && (
        <SamplesSheet
          onClose={() => {
            setSampling(false);
          }}
          onSchema={(schema) => {
            set({ schema });
          }}
        />
      )}
    </div>
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
        minLines={7}
        maxLines={17}
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
