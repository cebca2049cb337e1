import { useState } from "react";
import { useLocation, useParams, useSearchParams } from "react-router";
import type { WorkflowDetail } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState, ErrorNote, Skeleton } from "../../components/Notes";
import { common, workflows as words } from "../../i18n/en";
import { asFile, type WorkflowFile } from "../../workflow/file";
import { blankWorkflow } from "../../workflow/samples";
import { starter } from "../../workflow/starters";
import { Editor } from "./Editor";

/** The first save gives a workflow its address; the editor, and all that can be undone in it, stays. */
export function EditorPage() {
  const { id = "new" } = useParams();
  const state = useLocation().state as { saved?: boolean } | null;
  const [session, setSession] = useState({ key: id, id });
  if (session.id !== id) setSession({ key: state?.saved === true ? session.key : id, id });
  return <Opened key={session.key} id={id === "new" ? undefined : id} />;
}

type Start = { file: WorkflowFile; detail: WorkflowDetail | undefined };

function Opened({ id }: { id: string | undefined }) {
  const [params] = useSearchParams();
  const [start, setStart] = useState<Start | undefined>(() =>
    id === undefined
      ? { file: starter(params.get("from") ?? "") ?? blankWorkflow(""), detail: undefined }
      : undefined,
  );
  const known = useRead("workflow_get", { id: id ?? "" }, { enabled: id !== undefined });
  const { data, error, isStale, isFetching, refetch } = known;
  // What an earlier visit left in memory may be older than what is stored now.
  if (start === undefined && data && !(isStale && isFetching)) {
    setStart({ file: asFile(data.file), detail: data });
  }
  if (start) return <Editor id={id} detail={data ?? start.detail} file={start.file} />;
  if (error?.code === "notFound") return <Gone />;
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

function Gone() {
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
