import { useState } from "react";
import { useLocation, useParams, useSearchParams } from "react-router";
import type { WorkflowDetail } from "../../../api/bindings";
import { useRead } from "../../../api/queries";
import { Absent } from "../../../components/Absent";
import { workflows as words } from "../../../i18n/en";
import { asFile, type WorkflowFile } from "../../../workflow/file";
import { blankWorkflow } from "../../../workflow/samples";
import { starter } from "../../../workflow/starters";
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
  return (
    <Absent
      error={error}
      onRetry={() => void refetch()}
      gone={{
        icon: "workflows",
        title: words.gone,
        lead: words.goneLead,
        link: { href: "/workflows", text: words.toList },
      }}
    />
  );
}
