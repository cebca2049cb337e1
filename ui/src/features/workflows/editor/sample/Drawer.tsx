import { useState } from "react";
import { Button } from "../../../../components/Button";
import { CodeEditor } from "../../../../components/CodeEditor";
import { Select } from "../../../../components/Select";
import { workflows as words } from "../../../../i18n/en";
import { tryParse } from "../../../../json";
import { pretty } from "../../../../workflow/file";
import { isBranch } from "../../../../workflow/path";
import { checkInPayload } from "../../../../workflow/samples";
import styles from "./Drawer.module.css";
import { useDraft, useTarget, useTrial } from "../EditorContext";
import { PayloadTree } from "./PayloadTree";
import { StepPreview } from "./StepPreview";

/** The payload to try with, and what the selected step would make of it. */
export function Drawer() {
  return (
    <div className={styles.drawer}>
      <Sample />
      <StepPreview />
    </div>
  );
}

function Sample() {
  const { samples, sample, chooseSample } = useTrial();
  const { edit } = useDraft();
  const { take } = useTarget();
  const [text, setText] = useState<string>();
  const [fault, setFault] = useState<string>();
  // A captured payload stays as it came: editing it makes a sample of the workflow's own.
  const name = sample?.scenario ?? words.sampleName;
  function keep(payload: unknown, into = name) {
    edit({ kind: "sample", name: into, payload });
    chooseSample(`scenario:${into}`);
  }
  function done() {
    const parsed = tryParse(text ?? "");
    if ("fault" in parsed || !isBranch(parsed.value) || Array.isArray(parsed.value)) {
      setFault("fault" in parsed ? parsed.fault : words.sampleObject);
      return;
    }
    keep(parsed.value);
    setText(undefined);
    setFault(undefined);
  }
  return (
    <section aria-label={words.sample}>
      <div className={styles.drawerHead}>
        <h2>{words.sample}</h2>
        {samples.length > 0 && text === undefined && (
          <Select
            label={words.chooseSample}
            bare
            options={samples.map(({ id, label }) => ({ id, label }))}
            value={sample?.id ?? ""}
            onChange={chooseSample}
          />
        )}
        {text === undefined ? (
          <Button
            variant="quiet"
            icon="pencil"
            aria-label={words.editSample}
            onPress={() => {
              setText(pretty(sample?.payload ?? {}));
            }}
          />
        ) : (
          <>
            <Button
              variant="quiet"
              onPress={() => {
                setText(undefined);
                setFault(undefined);
              }}
            >
              {words.discard}
            </Button>
            <Button onPress={done}>{words.useSample}</Button>
          </>
        )}
      </div>
      {text !== undefined ? (
        <CodeEditor
          label={words.sampleJson}
          language="json"
          value={text}
          onChange={setText}
          error={fault}
        />
      ) : sample === undefined ? (
        <div className="stack">
          <p className="muted">{words.noSample}</p>
          <div className="row">
            <Button
              icon="pencil"
              onPress={() => {
                setText("{\n  \n}");
              }}
            >
              {words.pasteSample}
            </Button>
            <Button
              variant="quiet"
              onPress={() => {
                keep(checkInPayload, words.checkInSample);
              }}
            >
              {words.takeCheckIn}
            </Button>
          </div>
        </div>
      ) : (
        <PayloadTree value={sample.payload ?? {}} onTake={take} />
      )}
    </section>
  );
}
