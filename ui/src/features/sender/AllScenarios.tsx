import { useState } from "react";
import type { Commands, WorkflowSummary } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { useRead } from "../../api/queries";
import { Button, Link } from "../../components/Button";
import { Card } from "../../components/Card";
import { StatusBadge } from "../../components/Pill";
import { common, sender as words } from "../../i18n/en";
import { formatDuration } from "../../i18n/format";
import type { WorkflowFile } from "../../workflow/file";
import { brief } from "./expectation";
import { scenariosOf, type Scenario } from "./scenarios";
import styles from "./Sender.module.css";
import { useLiveGuard } from "./useLiveGuard";
import { verdict } from "./verdict";
import { VerdictPill } from "./VerdictPill";
import { WayPicker, type Via } from "./Way";

type Sent = { answer: Commands["sender_send"]["response"] } | { fault: string };

/** Everything that the schema and the fields suggest, sent one after another: expected against actual. */
export function AllScenarios({
  workflow,
  file,
}: {
  workflow: WorkflowSummary;
  file: WorkflowFile;
}) {
  const scenarios = scenariosOf(file);
  const [via, setVia] = useState<Via>("local");
  const [sent, setSent] = useState<Record<string, Sent>>({});
  const [stop, setStop] = useState<AbortController>();
  const { guard, question } = useLiveGuard(workflow);
  const run = async () => {
    const going = new AbortController();
    setStop(going);
    setSent({});
    for (const { id, body, contentType } of scenarios) {
      if (going.signal.aborted) break;
      const one = await sendOne({
        workflowId: workflow.id,
        via,
        ...(body !== undefined && { body, contentType }),
      });
      setSent((before) => ({ ...before, [id]: one }));
    }
    setStop(undefined);
  };
  return (
    <Card
      title={words.all.title}
      aside={<span className="faint">{words.all.count(scenarios.length)}</span>}
      actions={
        stop ? (
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
            onPress={() => {
              guard(() => void run());
            }}
          >
            {words.all.run}
          </Button>
        )
      }
    >
      <p className="muted">{words.all.lead}</p>
      <div className={styles.way}>
        <WayPicker value={via} onChange={setVia} />
      </div>
      <div className={styles.scrolls}>
        <table className={styles.results}>
          <thead>
            <tr>
              {[words.scenario, words.all.expected, words.all.actual, words.all.verdict].map(
                (title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {scenarios.map((scenario) => (
              <Row key={scenario.id} scenario={scenario} sent={sent[scenario.id]} />
            ))}
          </tbody>
        </table>
      </div>
      {question}
    </Card>
  );
}

async function sendOne(request: Commands["sender_send"]["request"]): Promise<Sent> {
  try {
    return { answer: await call("sender_send", request) };
  } catch (error) {
    return { fault: asApiError(error).message };
  }
}

function Row({ scenario, sent }: { scenario: Scenario; sent: Sent | undefined }) {
  const { name, expect } = scenario;
  const runId = sent && "answer" in sent ? sent.answer.runId : undefined;
  const run = useRead("run_get", { id: runId ?? "" }, { enabled: runId !== undefined }).data?.run;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="muted">{brief(expect)}</td>
      <td>
        {sent === undefined ? (
          <span className="faint">{words.all.notYet}</span>
        ) : "fault" in sent ? (
          sent.fault
        ) : (
          <span className={styles.actual}>
            <span className="tabular">
              {words.answered(sent.answer.status, formatDuration(sent.answer.ms))}
            </span>
            {run && <StatusBadge status={run.status} />}
            {runId !== undefined && (
              <Link href={`/runs/${runId}`} aria-label={words.all.openRunOf(name)}>
                {words.all.openRun}
              </Link>
            )}
          </span>
        )}
      </td>
      <td>
        {sent && "answer" in sent && (
          <VerdictPill verdict={verdict(sent.answer, run?.status, expect)} expected={expect} />
        )}
      </td>
    </tr>
  );
}
