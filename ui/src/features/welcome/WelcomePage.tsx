import { useState } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import type { WorkflowSummary } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { Waiting } from "../../components/Waiting";
import { welcome as words } from "../../i18n/en";
import { Endpoint } from "./Endpoint";
import { TestCheckIn } from "./TestCheckIn";
import styles from "./Welcome.module.css";

/** The first three minutes: what this is, that it works already, and a test check-in. */
export function WelcomePage() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useRead("workflow_list", {});
  const workflows = data?.workflows ?? [];
  const inUse = workflows.some(({ lastReceivedAt }) => lastReceivedAt != null);
  // Shown by itself only where nothing has happened yet: this may be another browser of a busy server.
  const [arrivedInUse, setArrivedInUse] = useState<boolean>();
  if (data && arrivedInUse === undefined) setArrivedInUse(params.has("first") && inUse);
  // Only while the address still asks for it: somebody who came here by themselves on the way stays.
  if (arrivedInUse === true && params.has("first")) return <Navigate to="/" replace />;
  const leave = () => void navigate("/");
  return (
    <Page>
      <div className={styles.tour}>
        <PageHeader
          title={words.title}
          lead={words.lead}
          actions={
            <Button variant="quiet" onPress={leave}>
              {words.skip}
            </Button>
          }
        />
        <What />
        {data ? (
          <Steps workflow={chosenOf(workflows)} onDone={leave} />
        ) : (
          <Waiting error={error} onRetry={() => void refetch()} lines={4} card />
        )}
      </div>
    </Page>
  );
}

/** One that writes to the sandbox, best one that receives. */
function chosenOf(workflows: WorkflowSummary[]): WorkflowSummary | undefined {
  const safe = workflows.filter(
    ({ connection, status }) => connection === "sandbox" && status !== "archived",
  );
  return safe.find(({ status }) => status === "active") ?? safe[0];
}

function What() {
  const { flow } = words;
  return (
    <Card title={words.whatTitle} aside={<span className={styles.step}>{words.step(1)}</span>}>
      <p className={styles.text}>{words.what}</p>
      <ol className={styles.flow}>
        <li>
          <b>{flow.app}</b>
          <span className="muted">{flow.appNote}</span>
        </li>
        <li>
          <b>{flow.hook}</b>
          <span className="muted">{flow.hookNote}</span>
        </li>
        <li>
          <b>{flow.imis}</b>
          <span className="muted">{flow.imisNote}</span>
        </li>
      </ol>
      <p className="muted">{words.safe}</p>
    </Card>
  );
}

function Steps({
  workflow,
  onDone,
}: {
  workflow: WorkflowSummary | undefined;
  onDone: () => void;
}) {
  const ready = workflow?.status === "active";
  return (
    <>
      <Card
        title={ready ? words.readyTitle : words.notReadyTitle}
        aside={<span className={styles.step}>{words.step(2)}</span>}
        actions={
          workflow && (
            <LinkButton href={`/workflows/${workflow.id}`} variant="quiet">
              {words.openEditor}
            </LinkButton>
          )
        }
      >
        <Endpoint workflow={workflow} />
      </Card>
      <Card title={words.tryTitle} aside={<span className={styles.step}>{words.step(3)}</span>}>
        <TestCheckIn workflow={ready ? workflow : undefined} onDone={onDone} />
      </Card>
    </>
  );
}
