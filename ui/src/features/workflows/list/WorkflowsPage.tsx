import { useState } from "react";
import { useNavigate } from "react-router";
import { useRead } from "../../../api/queries";
import { Button } from "../../../components/Button";
import { Card, Page, PageHeader } from "../../../components/Card";
import { EmptyState } from "../../../components/Notes";
import { common, workflows as words } from "../../../i18n/en";
import { ImportSheet } from "./ImportSheet";
import { NewDraftNote } from "./NewDraftNote";
import { PickMenu } from "../../../components/PickMenu";
import { Waiting } from "../../../components/Waiting";
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
              link={{
                href: "/workflows/new?from=check-in",
                text: words.startCheckIn,
                primary: true,
              }}
            >
              {words.emptyLead}
            </EmptyState>
          ) : (
            <div className="wide">
              <WorkflowTable workflows={workflows} />
            </div>
          )}
        </Card>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={5} card />
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
