import { useState } from "react";
import type { WorkflowSummary } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { CodeEditor } from "../../components/CodeEditor";
import { EmptyState, ErrorNote } from "../../components/Notes";
import { Select } from "../../components/Select";
import { sender as words } from "../../i18n/en";
import type { WorkflowFile } from "../../workflow/file";
import { memberName } from "../../workflow/memberName";
import { RunProgress } from "../../workflow/RunProgress";
import { Answer } from "./Answer";
import { expectation } from "./expectation";
import { headersOf, Options, standard, type Chosen } from "./Options";
import { KeepScenario } from "./KeepScenario";
import { MemberPicker } from "./MemberPicker";
import { scenariosOf, type Scenario } from "./scenarios";
import styles from "./Sender.module.css";
import { useLiveGuard } from "./useLiveGuard";

/** Compose at the left, what came of it at the right. */
export function Sending({ workflow, file }: { workflow: WorkflowSummary; file: WorkflowFile }) {
  const scenarios = scenariosOf(file);
  const [chosen, setChosen] = useState(scenarios[0].id);
  const scenario = scenarios.find(({ id }) => id === chosen) ?? scenarios[0];
  const [body, setBody] = useState(scenario.body);
  const [options, setOptions] = useState<Chosen>(standard);
  const [expected, setExpected] = useState<Scenario["expect"]>();
  const send = useWrite("sender_send");
  const { guard, question } = useLiveGuard(workflow);
  const edited = body !== scenario.body || options.contentType !== scenario.contentType;

  function choose(id: string) {
    const next = scenarios.find((each) => each.id === id);
    if (!next) return;
    setChosen(id);
    setBody(next.body);
    setOptions({ ...options, contentType: next.contentType });
  }
  function go() {
    const isPlain = !edited && options.authenticate && options.headers.trim() === "";
    setExpected(isPlain ? scenario.expect : undefined);
    send.mutate({
      workflowId: workflow.id,
      via: options.via,
      authenticate: options.authenticate,
      headers: headersOf(options.headers),
      ...(body !== undefined && { body, contentType: options.contentType }),
    });
  }
  return (
    <div className={styles.columns}>
      <Card>
        <div className={styles.form}>
          <Select
            label={words.scenario}
            {...(edited && { hint: words.edited })}
            options={scenarios.map((each) => ({
              id: each.id,
              label: each.name,
              description: expectation(each.expect),
            }))}
            value={scenario.id}
            onChange={choose}
          />
          <div className={styles.sendLine}>
            <Button
              variant="primary"
              icon="sender"
              isPending={send.isPending}
              onPress={() => {
                guard(go);
              }}
            >
              {send.data ? words.sendAgain : words.send}
            </Button>
            <span className="muted">{!edited && expectation(scenario.expect)}</span>
          </div>
          {body === undefined ? (
            <div className="row">
              <span className="muted">{words.bodyless}</span>
              <Button
                variant="quiet"
                onPress={() => {
                  setBody("{}");
                }}
              >
                {words.writeBody}
              </Button>
            </div>
          ) : (
            <>
              <CodeEditor
                label={words.payload}
                hint={words.bytes(body.length)}
                language="json"
                minLines={6}
                maxLines={15}
                value={body}
                onChange={setBody}
              />
              <MemberPicker name={memberName(file)} body={body} onChange={setBody} />
              <KeepScenario
                workflowId={workflow.id}
                scenario={scenario}
                body={body}
                onKept={(index) => {
                  setChosen(`kept ${index}`);
                }}
              />
            </>
          )}
          <Options trigger={file.trigger} chosen={options} onChange={setOptions} />
        </div>
      </Card>
      <div className={styles.right}>
        {send.error && <ErrorNote error={send.error} onRetry={go} />}
        {send.data ? (
          <>
            <Answer answer={send.data} expected={expected} />
            {send.data.runId !== undefined && (
              <Card title={words.run}>
                <RunProgress id={send.data.runId} isSandbox={workflow.connection === "sandbox"} />
              </Card>
            )}
          </>
        ) : (
          !send.error && (
            <Card>
              <EmptyState icon="sender" title={words.nothingYet}>
                {words.nothingYetLead}
              </EmptyState>
            </Card>
          )
        )}
      </div>
      {question}
    </div>
  );
}
