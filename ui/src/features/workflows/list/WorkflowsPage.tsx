import { useState } from "react";
import { useNavigate } from "react-router";
import { useRead } from "../../../api/queries";
import { Button, LinkButton } from "../../../components/Button";
import { Card, Page, PageHeader } from "../../../components/Card";
import { EmptyState, ErrorNote, Skeleton } from "../../../components/Notes";
import { common, workflows as words } from "../../../i18n/en";
import { ImportSheet } from "./ImportSheet";
import { NewDraftNote } from "./NewDraftNote";
import { PickMenu } from "../../../components/PickMenu";
import { WorkflowTable } from "./WorkflowTable";

export function WorkflowsPage() {
  const { data, error, refetch } = useRead("workflow_list", {});
  const [importing, setImporting] = useState(false);
  const workflows = data?.workflows ?? [];
  return (
    <Page>
      <PageHeader
        title={
          data ? words.listTitle(workflows.length) : error ? common.unknownProblem : words.list0
        }
        lead={data && words.listLead}
        actions={
          <>
            <Button
              onPress={() => {
                setImporting(true);
              }}
            >
              {words.importFile}
            </Button>
            <NewMenu />
          </>
        }
      />
      <NewDraftNote />
      {data ? (
        <Card flush>
          {workflows.length === 0 ? (
            <EmptyState
              icon="workflows"
              title={words.emptyTitle}
              action={
                <LinkButton href="/workflows/new?from=check-in" variant="primary">
                  {words.startCheckIn}
                </LinkButton>
              }
            >
              {words.emptyLead}
            </EmptyState>
          ) : (
            <div className="wide">
              <WorkflowTable workflows={workflows} />
            </div>
          )}
        </Card>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Card>
          <Skeleton lines={5} />
        </Card>
      )}
      <ImportSheet
        isOpen={importing}
        onClose={() => {
          setImporting(false);
        }}
      />
    </Page>
  );
}

function NewMenu() {
  const navigate = useNavigate();
  return (
    <PickMenu
      label={words.newWorkflow}
      options={[...words.newOptions]}
      onPick={(id) =>
        void navigate(id === "blank" ? "/workflows/new" : `/workflows/new?from=${id}`)
      }
      primary
    >
      {words.newWorkflow}
    </PickMenu>
  );
}
