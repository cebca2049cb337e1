import { useState } from "react";
import type { WorkflowSummary } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError, type ApiError } from "../../api/errors";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { CodeEditor } from "../../components/CodeEditor";
import { ErrorNote } from "../../components/Notes";
import { Segmented } from "../../components/Segments";
import { TextField } from "../../components/TextField";
import { common, sender as words } from "../../i18n/en";
import type { WorkflowFile } from "../../workflow/file";
import { memberName } from "../../workflow/memberName";
import { bodies, nothingSent, sendAll, type Tally } from "./sendAll";
import { BatchResult } from "./BatchResult";
import { scenariosOf } from "./scenarios";
import styles from "./Sender.module.css";
import { useLiveGuard } from "./useLiveGuard";
import { WayPicker, type Via } from "./Way";

type Form = { count: string; concurrency: string; perSecond: string; typed: string };
type Members = "sandbox" | "typed" | "same";

const whole = /^[1-9]\d*$/;

/** Many at once, as at the doors of an event: how many, how fast, for whom. */
export function Batch({ workflow, file }: { workflow: WorkflowSummary; file: WorkflowFile }) {
  const name = memberName(file);
  const [body, setBody] = useState(scenariosOf(file)[0].body ?? "{}");
  const [form, setForm] = useState<Form>({
    count: "100",
    concurrency: "4",
    perSecond: "",
    typed: "",
  });
  const [members, setMembers] = useState<Members>(
    name === undefined ? "same" : workflow.connection === "sandbox" ? "sandbox" : "typed",
  );
  const [via, setVia] = useState<Via>("local");
  const [tally, setTally] = useState<Tally>(nothingSent);
  const [stop, setStop] = useState<AbortController>();
  const [error, setError] = useState<ApiError>();
  const sandbox = useRead(
    "member_list",
    { connection: "sandbox", limit: 500 },
    { enabled: members === "sandbox" },
  );
  const { guard, question } = useLiveGuard(workflow);
  const faults = faultsOf(form, members);
  const field = (key: keyof Form) => ({
    value: form[key],
    onChange: (value: string) => {
      setForm({ ...form, [key]: value });
    },
    error: faults[key],
  });
  const run = async () => {
    const going = new AbortController();
    setStop(going);
    setError(undefined);
    setTally(nothingSent);
    const ids = {
      same: [],
      typed: form.typed.split(/[\s,;]+/).filter((id) => id !== ""),
      sandbox: (sandbox.data?.members ?? []).map(({ id }) => id),
    }[members];
    const concurrency = Number(form.concurrency);
    const perSecond = form.perSecond.trim() === "" ? undefined : Number(form.perSecond);
    const send = async (some: string[]) =>
      (await call("sender_batch", { workflowId: workflow.id, bodies: some, concurrency, via }))
        .answers;
    try {
      const all = bodies(body, Number(form.count), name, ids);
      await sendAll(all, { concurrency, perSecond }, send, setTally, going.signal);
    } catch (cause) {
      setError(asApiError(cause));
    }
    setStop(undefined);
  };
  const isReady = Object.keys(faults).length === 0 && (members !== "sandbox" || sandbox.data);
  return (
    <div className={styles.columns}>
      <Card title={words.batch.title}>
        <div className={styles.form}>
          <p className="muted">{words.batch.lead}</p>
          <div className={styles.numbers}>
            <TextField label={words.batch.count} inputMode="numeric" {...field("count")} />
            <TextField
              label={words.batch.concurrency}
              inputMode="numeric"
              {...field("concurrency")}
            />
            <TextField
              label={words.batch.perSecond}
              description={words.batch.perSecondHint}
              inputMode="numeric"
              {...field("perSecond")}
            />
          </div>
          {name !== undefined && (
            <Segmented<Members>
              label={words.batch.members(name)}
              value={members}
              onChange={setMembers}
              options={[
                { id: "sandbox", label: words.batch.fromSandbox },
                { id: "typed", label: words.batch.typed },
                { id: "same", label: words.batch.same },
              ]}
            />
          )}
          {members === "typed" && (
            <TextField
              label={words.batch.typedLabel}
              description={words.batch.typedNote}
              rows={3}
              mono
              {...field("typed")}
            />
          )}
          {sandbox.error && <ErrorNote error={sandbox.error} />}
          <WayPicker value={via} onChange={setVia} />
          <div className={styles.sendLine}>
            {stop ? (
              <Button
                onPress={() => {
                  stop.abort();
                }}
              >
                {common.cancel}
              </Button>
            ) : (
              <Button
                variant="primary"
                icon="sender"
                isDisabled={!isReady}
                onPress={() => {
                  guard(() => void run());
                }}
              >
                {words.batch.send(faults.count === undefined ? Number(form.count) : 0)}
              </Button>
            )}
          </div>
          <CodeEditor
            label={words.payload}
            language="json"
            minLines={5}
            maxLines={12}
            value={body}
            onChange={setBody}
          />
        </div>
      </Card>
      <div className={styles.right}>
        {error && <ErrorNote error={error} onRetry={() => void run()} />}
        <BatchResult
          tally={tally}
          all={Number(form.count)}
          isGoing={stop !== undefined}
          workflowId={workflow.id}
        />
        {question}
      </div>
    </div>
  );
}

function faultsOf(form: Form, members: Members): Partial<Record<keyof Form, string>> {
  const faults: Partial<Record<keyof Form, string>> = {};
  const within = (text: string, least: number, most: number) =>
    whole.test(text.trim()) && Number(text) >= least && Number(text) <= most;
  if (!within(form.count, 10, 1000)) faults.count = words.batch.countWrong;
  if (!within(form.concurrency, 1, 32)) faults.concurrency = words.batch.concurrencyWrong;
  if (form.perSecond.trim() !== "" && !within(form.perSecond, 1, 1000)) {
    faults.perSecond = words.batch.perSecondWrong;
  }
  if (members === "typed" && form.typed.trim() === "") faults.typed = words.batch.typedMissing;
  return faults;
}
