import { useState } from "react";
import type { Step } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Note } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { runs as words } from "../../i18n/en";
import type { Around } from "./around";
import { BothSides } from "./BothSides";
import styles from "./Run.module.css";

type Ask = "written" | "notWritten" | "undo";

/** What only a person can decide about a step: whether its record is there, or that it must go again. */
export function StepRepair({ around, step }: { around: Around; step: Step }) {
  const runId = around.run.id;
  const [ask, setAsk] = useState<Ask>();
  const close = () => {
    setAsk(undefined);
  };
  return (
    <>
      {step.status === "inDoubt" && (
        <div className={styles.error}>
          <Note tone="warn" title={step.error?.message ?? words.resolve.title}>
            {words.resolve.looking}
          </Note>
        </div>
      )}
      {step.status === "held" && (
        <div className={styles.error}>
          <Note
            tone="warn"
            title={step.error?.message ?? words.resolve.title}
            actions={
              <>
                <Button
                  onPress={() => {
                    setAsk("written");
                  }}
                >
                  {words.resolve.written}
                </Button>
                <Button
                  onPress={() => {
                    setAsk("notWritten");
                  }}
                >
                  {words.resolve.notWritten}
                </Button>
              </>
            }
          >
            {words.resolve.lead}
          </Note>
          {around.connection !== undefined && (
            <BothSides step={step} connection={around.connection} />
          )}
        </div>
      )}
      {canUndo(step) && (
        <div className={styles.repair}>
          <Button
            variant="quiet"
            icon="undo"
            onPress={() => {
              setAsk("undo");
            }}
          >
            {words.undo.button}
          </Button>
        </div>
      )}
      {(ask === "written" || ask === "notWritten") && (
        <ResolveDialog runId={runId} step={step} found={ask} onClose={close} />
      )}
      {ask === "undo" && <UndoDialog runId={runId} step={step} onClose={close} />}
    </>
  );
}

function canUndo({ type, status, recordKey, undoneAt }: Step): boolean {
  return (
    (type === "insertActivity" || type === "insertPanelRecord") &&
    status === "succeeded" &&
    recordKey != null &&
    undoneAt == null
  );
}

function ResolveDialog({
  runId,
  step: { index, attempts },
  found,
  onClose,
}: {
  runId: string;
  step: Step;
  found: "written" | "notWritten";
  onClose: () => void;
}) {
  const [key, setKey] = useState("");
  const resolve = useWrite("run_resolve");
  const recordKey = key.trim();
  return (
    <ConfirmDialog
      title={words.resolve[found]}
      confirm={found === "written" ? words.resolve.goOn : words.resolve.sendAgain}
      danger={found === "notWritten"}
      isOpen
      isPending={resolve.isPending}
      onClose={onClose}
      onConfirm={() => {
        resolve.mutate(
          { id: runId, index, as: found, attempts, ...(recordKey !== "" && { recordKey }) },
          { onSuccess: onClose },
        );
      }}
    >
      <div className="stack">
        <p>{found === "written" ? words.resolve.writtenLead : words.resolve.notWrittenLead}</p>
        {found === "written" && (
          <TextField
            label={words.resolve.key}
            description={words.resolve.keyNote}
            value={key}
            onChange={setKey}
            mono
          />
        )}
        {resolve.error && <ErrorNote error={resolve.error} />}
      </div>
    </ConfirmDialog>
  );
}

function UndoDialog({ runId, step, onClose }: { runId: string; step: Step; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const undo = useWrite("run_undo");
  const missing = reason.trim() === "";
  return (
    <ConfirmDialog
      title={words.undo.title(step.recordKey ?? "")}
      confirm={words.undo.confirm}
      danger
      isOpen
      isPending={undo.isPending}
      onClose={onClose}
      onConfirm={() => {
        setAsked(true);
        if (missing) return;
        undo.mutate(
          { id: runId, index: step.index, reason: reason.trim() },
          { onSuccess: onClose },
        );
      }}
    >
      <div className="stack">
        <p>{words.undo.lead}</p>
        <TextField
          label={words.undo.reason}
          hint={words.undo.reasonHint}
          value={reason}
          onChange={setReason}
          error={asked && missing ? words.undo.reasonMissing : undefined}
        />
        {undo.error && <ErrorNote error={undo.error} />}
      </div>
    </ConfirmDialog>
  );
}
