import { useState } from "react";
import type { InferredSchema } from "../../../../api/bindings";
import { call } from "../../../../api/call";
import { asApiError } from "../../../../api/errors";
import { Button } from "../../../../components/Button";
import { CodeEditor } from "../../../../components/CodeEditor";
import { Sheet } from "../../../../components/ConfirmDialog";
import { Note } from "../../../../components/Notes";
import { visible } from "../../../../components/visible";
import { common, workflows as words } from "../../../../i18n/en";
import { tryParse } from "../../../../json";
import { asObject } from "../../../../workflow/file";
import { isBranch } from "../../../../workflow/path";
import styles from "./Samples.module.css";
import { useDraft, useTrial } from "../EditorContext";
import type { SampleChoice } from "./samples";
import { SchemaWords } from "./SchemaWords";

/** Makes a schema from payloads that came and payloads that are pasted, and says what speaks for it. */
export function SamplesSheet({
  onClose,
  onSchema,
}: {
  onClose: () => void;
  onSchema: (schema: unknown) => void;
}) {
  const { file } = useDraft();
  const { samples } = useTrial();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [pasted, setPasted] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [made, setMade] = useState<InferredSchema>();
  const taken = samples.filter(({ id }) => !left.has(id));
  async function infer() {
    setBusy(true);
    setFault(undefined);
    try {
      const typed = pastedPayloads(pasted);
      const captured = await Promise.all(taken.map(payloadOf));
      const all = [...captured.filter(isPayload), ...typed].slice(0, mostSamples);
      if (all.length === 0) throw new Error(words.chooseSamples);
      setMade(await call("schema_from_samples", { samples: all, file }));
    } catch (error) {
      setFault(asApiError(error).message);
    }
    setBusy(false);
  }
  return (
    <Sheet
      title={words.fromSamples}
      wide
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {common.cancel}
          </Button>
          <Button
            variant={made ? "secondary" : "primary"}
            isPending={busy}
            onPress={() => void infer()}
          >
            {made ? words.lookAgain : words.look}
          </Button>
          {made && (
            <Button
              variant="primary"
              onPress={() => {
                onSchema(made.schema);
                onClose();
              }}
            >
              {words.useSchema}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <p className="muted">{words.samplesLead}</p>
        <fieldset className={styles.choices}>
          <legend>{words.samplesTaken(taken.length, samples.length)}</legend>
          {samples.map(({ id, label }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={!left.has(id)}
                onChange={() => {
                  const next = new Set(left);
                  if (!next.delete(id)) next.add(id);
                  setLeft(next);
                }}
              />
              {label}
            </label>
          ))}
        </fieldset>
        <CodeEditor
          label={words.pasteSamples}
          hint={words.pasteSamplesHint}
          language="json"
          maxLines={9}
          value={pasted}
          onChange={setPasted}
        />
        {fault !== undefined && <Note title={fault} />}
        {made && <Made made={made} />}
      </div>
    </Sheet>
  );
}

function Made({ made: { schema, evidence } }: { made: InferredSchema }) {
  return (
    <>
      <section className="stack" aria-label={words.evidence}>
        <h3>{words.evidence}</h3>
        <table className={styles.evidence} aria-label={words.evidence}>
          <tbody>
            {evidence.map(({ path, type, note, sure }) => (
              <tr key={path}>
                <th scope="row">
                  <code>{visible(path || "/")}</code>
                </th>
                <td>{type}</td>
                <td className={sure ? undefined : "muted"}>{visible(note)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="stack" aria-label={words.schemaInWords}>
        <h3>{words.schemaInWords}</h3>
        <SchemaWords schema={asObject(schema)} />
      </section>
    </>
  );
}

const mostSamples = 200;

async function payloadOf({ id, payload }: SampleChoice): Promise<unknown> {
  if (payload !== undefined || !id.startsWith("run:")) return payload;
  return (await call("run_get", { id: id.slice(4) })).payload;
}

function isPayload(value: unknown): boolean {
  return isBranch(value) && !Array.isArray(value);
}

/** One object, or a list of them. */
function pastedPayloads(text: string): unknown[] {
  if (text.trim() === "") return [];
  const parsed = tryParse(text);
  if ("fault" in parsed) throw new Error(words.notJson(parsed.fault));
  const payloads = Array.isArray(parsed.value) ? (parsed.value as unknown[]) : [parsed.value];
  if (!payloads.every(isPayload)) throw new Error(words.sampleObject);
  return payloads;
}
