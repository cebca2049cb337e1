import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { common, workflows as words } from "../../i18n/en";
import { asFile } from "../../workflow/file";
import { blankWorkflow, checkInWorkflow } from "../../workflow/samples";
import { Editor } from "./Editor";

export function EditorPage() {
  const { id = "new" } = useParams();
  return id === "new" ? <NewWorkflow /> : <Existing key={id} id={id} />;
}

function NewWorkflow() {
  const [params] = useSearchParams();
  const [file] = useState(() =>
    params.get("from") === "check-in" ? checkInWorkflow(words.checkInName) : blankWorkflow(""),
  );
  return <Editor id={undefined} detail={undefined} file={file} />;
}

function Existing({ id }: { id: string }) {
  const { data, error, refetch } = useRead("workflow_get", { id });
  if (data) return <Editor id={id} detail={data} file={asFile(data.file)} />;
  if (error?.code === "notFound") {
    return (
      <Page>
        <Card>
          <EmptyState
            icon="workflows"
            title={words.gone}
            action={<LinkButton href="/workflows">{words.toList}</LinkButton>}
          >
            {words.goneLead}
          </EmptyState>
        </Card>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title={error ? common.unknownProblem : common.loading} />
      {error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Card>
          <Skeleton lines={8} />
        </Card>
      )}
    </Page>
  );
}
