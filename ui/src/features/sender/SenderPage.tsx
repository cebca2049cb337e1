import { useSearchParams } from "react-router";
import type { WorkflowSummary } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState, ErrorNote, Note, Skeleton } from "../../components/Notes";
import { Select } from "../../components/Select";
import { toast } from "../../components/toast";
import { common, sender as words } from "../../i18n/en";
import { asFile } from "../../workflow/file";
import { Sending } from "./Sending";

export function SenderPage() {
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useRead("workflow_list", {});
  const workflows = (data?.workflows ?? []).filter(({ status }) => status !== "archived");
  const wanted = params.get("workflow");
  const chosen =
    workflows.find(({ id }) => id === wanted) ??
    workflows.find(({ status }) => status === "active") ??
    workflows[0];
  return (
    <Page>
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          chosen && (
            <LinkButton href={`/workflows/${chosen.id}`} variant="quiet">
              {words.openWorkflow}
            </LinkButton>
          )
        }
      />
      {chosen ? (
        <ForWorkflow
          key={chosen.id}
          workflow={chosen}
          picker={
            <Select
              label={words.workflow}
              options={workflows.map(({ id, name, status, connection }) => ({
                id,
                label: name,
                description: `${common.status[status]} · ${connection}`,
              }))}
              value={chosen.id}
              onChange={(id) => {
                setParams({ workflow: id }, { replace: true });
              }}
            />
          }
        />
      ) : data ? (
        <Card>
          <EmptyState
            icon="sender"
            title={words.none}
            action={
              <LinkButton href="/workflows/new?from=check-in" variant="primary">
                {words.make}
              </LinkButton>
            }
          >
            {words.noneLead}
          </EmptyState>
        </Card>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Card>
          <Skeleton lines={6} />
        </Card>
      )}
    </Page>
  );
}

function ForWorkflow({ workflow, picker }: { workflow: WorkflowSummary; picker: React.ReactNode }) {
  const { id, version, latestVersion } = workflow;
  // The endpoint runs the published version: that is the one to try.
  const shown = version > 0 ? version : latestVersion;
  const { data, error, refetch } = useRead("workflow_get", { id, version: shown });
  return (
    <>
      <Inactive workflow={workflow} />
      {data ? (
        <Sending workflow={workflow} file={asFile(data.file)} picker={picker} />
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Card>
          <Skeleton lines={6} />
        </Card>
      )}
    </>
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
