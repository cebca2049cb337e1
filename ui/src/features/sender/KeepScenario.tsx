import { useState } from "react";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { common, sender as words } from "../../i18n/en";
import { tryParse } from "../../json";
import { useScenarioEdit, withScenario } from "../../workflow/useScenarioEdit";
import type { Scenario } from "./scenarios";

const ends = ["succeeded", "failed", "rejected", "stopped"] as const;
type End = (typeof ends)[number];

/** Keeps what was composed with the workflow, or forgets a kept one. */
export function KeepScenario({
  workflowId,
  scenario,
  body,
  onKept,
}: {
  workflowId: string;
  scenario: Scenario;
  body: string;
  /** Given its place among the kept ones. */
  onKept: (index: number) => void;
}) {
  const [open, setOpen] = useState(false);
  const { edit, error, isPending } = useScenarioEdit(workflowId);
  const isJson = "value" in tryParse(body);
  const forget = async () => {
    if (await edit((kept) => kept.filter(({ name }) => name !== scenario.name))) {
      toast("ok", words.keep.forgotten(scenario.name));
    }
  };
  return (
    <>
      <div className="row">
        <Button
          isDisabled={!isJson}
          onPress={() => {
            setOpen(true);
          }}
        >
          {words.keep.button}
        </Button>
        {scenario.kept && (
          <Button variant="quiet" isPending={isPending && !open} onPress={() => void forget()}>
            {words.keep.forget}
          </Button>
        )}
      </div>
      {error && !open && <ErrorNote error={error} />}
      {open && (
        <KeepDialog
          scenario={scenario}
          error={error}
          isPending={isPending}
          onClose={() => {
            setOpen(false);
          }}
          onKeep={async (name, expect) => {
            const parsed = tryParse(body);
            if ("fault" in parsed) return;
            let index = 0;
            const kept = await edit((before) => {
              const after = withScenario(before, { name, payload: parsed.value, expect });
              index = after.findIndex((one) => one.name === name);
              return after;
            });
            if (!kept) return;
            setOpen(false);
            toast("ok", words.keep.done(name));
            onKept(index);
          }}
        />
      )}
    </>
  );
}

function KeepDialog({
  scenario,
  error,
  isPending,
  onClose,
  onKeep,
}: {
  scenario: Scenario;
  error: { message: string } | undefined;
  isPending: boolean;
  onClose: () => void;
  onKeep: (name: string, expect: { answer: number; status: string }) => Promise<void>;
}) {
  const [name, setName] = useState(scenario.kept ? scenario.name : "");
  const [answer, setAnswer] = useState(String(scenario.expect.answer));
  const [status, setStatus] = useState<End>(
    ends.find((end) => end === scenario.expect.status) ?? "succeeded",
  );
  const [asked, setAsked] = useState(false);
  const trimmed = name.trim();
  const isNumber = /^[1-5]\d\d$/.test(answer.trim());
  return (
    <ConfirmDialog
      title={words.keep.title}
      confirm={words.keep.confirm}
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => {
        setAsked(true);
        if (trimmed !== "" && isNumber) void onKeep(trimmed, { answer: Number(answer), status });
      }}
    >
      <div className="stack">
        <p className="muted">{words.keep.lead}</p>
        <TextField
          label={words.keep.name}
          value={name}
          onChange={setName}
          error={asked && trimmed === "" ? words.keep.nameMissing : undefined}
        />
        <TextField
          label={words.keep.answer}
          inputMode="numeric"
          value={answer}
          onChange={setAnswer}
          error={asked && !isNumber ? words.keep.answerWrong : undefined}
        />
        <Select
          label={words.keep.status}
          options={ends.map((id) => ({ id, label: common.status[id] }))}
          value={status}
          onChange={setStatus}
        />
        {error && <ErrorNote error={error} />}
      </div>
    </ConfirmDialog>
  );
}
