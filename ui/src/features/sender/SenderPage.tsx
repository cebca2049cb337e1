import { useSearchParams } from "react-router";
import type { WorkflowSummary } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState, Note } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { Select } from "../../components/Select";
import { Segments } from "../../components/Segments";
import { toast } from "../../components/toast";
import { Waiting } from "../../components/Waiting";
import { common, sender as words } from "../../i18n/en";
import { asFile, type WorkflowFile } from "../../workflow/file";
import { AllScenarios } from "./AllScenarios";
import { Batch } from "./Batch";
import { Sending } from "./Sending";
import styles from "./Sender.module.css";
import { useIsLive } from "./Way";

const modes = ["one", "all", "batch"] as const;
type Mode = (typeof modes)[number];

export function SenderPage() {
  const [params, setParams] = useSearchParams();
  const { data, error, isFetching, refetch } = useRead("workflow_list", {});
  const workflows = (data?.workflows ?? []).filter(({ status }) => status !== "archived");
  const wanted = params.get("workflow");
  const mode = modes.find((each) => each === params.get("mode")) ?? "one";
  const change = (next: Record<string, string>) => {
    setParams({ ...Object.fromEntries(params), ...next }, { replace: true });
  };
  // Another workflow than the one that was asked for would get the records of this test.
  const chosen =
    wanted === null
      ? (workflows.find(({ status }) => status === "active") ?? workflows[0])
      : workflows.find(({ id }) => id === wanted);
  const picker = (
    <Select
      label={words.workflow}
      options={workflows.map(({ id, name, status, connection }) => ({
        id,
        label: name,
        description: `${common.status[status]} · ${connection}`,
      }))}
      value={chosen?.id ?? ""}
      onChange={(id) => {
        change({ workflow: id });
      }}
    />
  );
  return (
    <Page>
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          chosen && (
            <>
              <LinkButton href={`/workflows/${chosen.id}`} variant="quiet">
                {words.openWorkflow}
              </LinkButton>
              <Segments<Mode>
                label={words.modes.label}
                options={modes.map((id) => ({ id, label: words.modes[id] }))}
                value={mode}
                onChange={(next) => {
                  change({ mode: next });
                }}
              />
            </>
          )
        }
      />
      {chosen ? (
        <ForWorkflow key={chosen.id} workflow={chosen} mode={mode} picker={picker} />
      ) : data && !isFetching && workflows.length > 0 ? (
        <>
          <div className={styles.picker}>{picker}</div>
          <Card>
            <EmptyState icon="sender" title={words.gone}>
              {words.goneLead}
            </EmptyState>
          </Card>
        </>
      ) : data && !isFetching ? (
        <Card>
          <EmptyState
            icon="sender"
            title={words.none}
            link={{ href: "/workflows/new?from=check-in", text: words.make, primary: true }}
          >
            {words.noneLead}
          </EmptyState>
        </Card>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={6} card />
      )}
    </Page>
  );
}

function ForWorkflow({
  workflow,
  mode,
  picker,
}: {
  workflow: WorkflowSummary;
  mode: Mode;
  picker: React.ReactNode;
}) {
  const { id, version, latestVersion } = workflow;
  // The endpoint runs the published version: that is the one to try.
  const shown = version > 0 ? version : latestVersion;
  const { data, error, refetch } = useRead(
    "workflow_get",
    { id, version: shown },
    // A version published meanwhile takes nothing from the screen that was just sent.
    { keep: (before) => before.id === id },
  );
  return (
    <>
      <div className={styles.picker}>
        {picker}
        <IntoWhat workflow={workflow} />
      </div>
      <Inactive workflow={workflow} />
      {data ? (
        <Chosen mode={mode} workflow={workflow} file={asFile(data.file)} />
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={6} card />
      )}
    </>
  );
}

function Chosen({ mode, ...given }: { mode: Mode; workflow: WorkflowSummary; file: WorkflowFile }) {
  if (mode === "all") return <AllScenarios {...given} />;
  return mode === "batch" ? <Batch {...given} /> : <Sending {...given} />;
}

/** Where a test's records go, in words: the one thing to know before sending. */
function IntoWhat({ workflow }: { workflow: WorkflowSummary }) {
  const isLive = useIsLive(workflow);
  return (
    <Pill tone={isLive ? "warn" : "idle"} icon={isLive ? "hand" : "connections"}>
      {words.writesTo(workflow.connection, isLive)}
    </Pill>
  );
}

function Inactive({ workflow: { id, status } }: { workflow: WorkflowSummary }) {
  const activate = useWrite("workflow_set_status");
  if (status === "active" || status === "paused") return null;
  return (
    <div style={{ marginBlockEnd: 16 }}>
      <Note
        tone="warn"
        title={words.inactive(common.status[status].toLowerCase())}
        actions={
          <Button
            icon="play"
            isPending={activate.isPending}
            onPress={() => {
              activate.mutate(
                { id, status: "active" },
                {
                  onError: (error) => {
                    toast("bad", error.message);
                  },
                },
              );
            }}
          >
            {words.activate}
          </Button>
        }
      >
        {words.inactiveLead}
      </Note>
    </div>
  );
}
