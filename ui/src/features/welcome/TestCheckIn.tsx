import type { WorkflowSummary } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { ErrorNote, Note } from "../../components/Notes";
import { welcome as words } from "../../i18n/en";
import { asFile, asObject, pretty, text } from "../../workflow/file";
import { RunProgress } from "../../workflow/RunProgress";
import { checkInPayload } from "../../workflow/samples";
import styles from "./Welcome.module.css";

/** Sends the workflow's own sample and shows the run and what it wrote. */
export function TestCheckIn({
  workflow,
  onDone,
}: {
  workflow: WorkflowSummary | undefined;
  onDone: () => void;
}) {
  const send = useWrite("sender_send");
  const detail = useRead(
    "workflow_get",
    { id: workflow?.id ?? "" },
    { enabled: workflow !== undefined },
  ).data;
  const sample = detail && asFile(detail.file).scenarios?.[0]?.payload;
  const payload = asObject(sample ?? checkInPayload);
  const member = text(payload, "memberId") || checkInPayload.memberId;
  const runId = send.data?.runId;
  const sent = send.data !== undefined;
  return (
    <div className={styles.stack}>
      <p className={styles.text}>{words.tryIt(member)}</p>
      <div className="row">
        <Button
          variant={sent ? "secondary" : "primary"}
          icon="sender"
          isDisabled={workflow === undefined}
          isPending={send.isPending}
          onPress={() => {
            if (workflow) send.mutate({ workflowId: workflow.id, body: pretty(payload) });
          }}
        >
          {sent ? words.sendAgain : words.send}
        </Button>
      </div>
      {send.error && <ErrorNote error={send.error} />}
      {runId !== undefined && (
        <section className={styles.full} aria-label={words.run}>
          <RunProgress id={runId} isSandbox />
        </section>
      )}
      {runId !== undefined && <Result runId={runId} member={member} onDone={onDone} />}
    </div>
  );
}

/** The new activity is the point of it all: bring it into view. */
function show(node: HTMLElement | null) {
  node?.scrollIntoView({ block: "end" });
}

function Result({ runId, member, onDone }: { runId: string; member: string; onDone: () => void }) {
  const status = useRead("run_get", { id: runId }).data?.run.status;
  const ended = status === "succeeded";
  const { data } = useRead("member_get", { connection: "sandbox", id: member }, { enabled: ended });
  if (status !== undefined && ["failed", "rejected", "held"].includes(status)) {
    return <Note tone="warn">{words.failed}</Note>;
  }
  if (!ended || !data) return <p className="muted">{words.wait}</p>;
  const value = (row: (typeof data.activities)[number], name: string) =>
    row.values.find((each) => each.name === name)?.value ?? "";
  return (
    <>
      <section className={styles.full}>
        <h3>{words.activity(member)}</h3>
        <DataTable
          label={words.activity(member)}
          rows={data.activities.slice(0, 5).map((row) => ({ ...row, id: row.key }))}
          columns={[
            {
              id: "date",
              title: words.date,
              isRowHeader: true,
              cell: (row) => value(row, "TRANSACTION_DATE"),
            },
            { id: "type", title: words.type, cell: (row) => value(row, "ACTIVITY_TYPE") },
            { id: "product", title: words.product, cell: (row) => value(row, "PRODUCT_CODE") },
            { id: "text", title: words.description, cell: (row) => value(row, "DESCRIPTION") },
          ]}
        />
      </section>
      <Note tone="ok" title={words.done}>
        {words.next}
      </Note>
      <div ref={show}>
        <Button variant="primary" onPress={onDone}>
          {words.toDashboard}
        </Button>{" "}
        <LinkButton href="/guide" variant="quiet">
          {words.toGuide}
        </LinkButton>
      </div>
    </>
  );
}
