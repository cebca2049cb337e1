import { useState, type ReactNode } from "react";
import type { WorkflowSummary } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { CodeEditor } from "../../components/CodeEditor";
import { ComboBox } from "../../components/ComboBox";
import { EmptyState, ErrorNote } from "../../components/Notes";
import { Select } from "../../components/Select";
import { common, sender as words } from "../../i18n/en";
import type { WorkflowFile } from "../../workflow/file";
import { RunProgress } from "../../workflow/RunProgress";
import { Answer } from "./Answer";
import { scenariosOf, type Scenario } from "./scenarios";
import styles from "./Sender.module.css";

const contentTypes = ["application/json", "text/json", "text/plain"].map((id) => ({
  id,
  label: id,
}));

/** Compose at the left, what came of it at the right. */
export function Sending({
  workflow,
  file,
  picker,
}: {
  workflow: WorkflowSummary;
  file: WorkflowFile;
  picker: ReactNode;
}) {
  const scenarios = scenariosOf(file);
  const [chosen, setChosen] = useState(scenarios[0].id);
  const scenario = scenarios.find(({ id }) => id === chosen) ?? scenarios[0];
  const [body, setBody] = useState(scenario.body);
  const [contentType, setContentType] = useState("application/json");
  const [expected, setExpected] = useState<Scenario["expect"]>();
  const send = useWrite("sender_send");
  const edited = body !== scenario.body || contentType !== scenario.contentType;

  function choose(id: string) {
    const next = scenarios.find((each) => each.id === id);
    if (!next) return;
    setChosen(id);
    setBody(next.body);
    setContentType(next.contentType);
  }
  function go() {
    setExpected(edited ? undefined : scenario.expect);
    send.mutate({
      workflowId: workflow.id,
      ...(body !== undefined && { body, contentType }),
    });
  }
  return (
    <div className={styles.columns}>
      <Card>
        <div className={styles.form}>
          {picker}
          <Select
            label={words.scenario}
            {...(edited && { hint: words.edited })}
            options={scenarios.map((each) => ({
              id: each.id,
              label: each.name,
              description: expectation(each.expect),
            }))}
            value={chosen}
            onChange={choose}
          />
          <div className={styles.sendLine}>
            <Button variant="primary" icon="sender" isPending={send.isPending} onPress={go}>
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
                minHeight="120px"
                maxHeight="300px"
                value={body}
                onChange={setBody}
              />
              <ComboBox
                label={words.contentType}
                options={contentTypes}
                value={contentType}
                onChange={setContentType}
              />
            </>
          )}
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
    </div>
  );
}

function expectation({ answer, status }: Scenario["expect"]): string {
  return words.expects(answer, status === undefined ? "" : common.status[status].toLowerCase());
}
