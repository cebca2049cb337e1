import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../../api/call";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNote } from "../../components/Notes";
import { toast } from "../../components/toast";
import { runs as words } from "../../i18n/en";
import { asCurl } from "./curl";
import { EditAndRerun } from "./EditAndRerun";
import { stepNumber } from "./heading";
import { RerunDialog } from "./RerunDialog";
import type { Detail } from "./RunPage";

type Open = "rerun" | "edit" | "cancel";

export function RunActions({ detail }: { detail: Detail }) {
  const { run, steps, payload } = detail;
  const [open, setOpen] = useState<Open>();
  const navigate = useNavigate();
  const close = () => {
    setOpen(undefined);
  };
  const ended = !["queued", "running", "waiting", "inDoubt", "held"].includes(run.status);
  const cancellable = ["queued", "waiting", "held"].includes(run.status);
  const kept = payload != null;
  const failedAt = run.status === "failed" ? stepNumber(run, steps) : undefined;
  const go = (id: string | undefined) => {
    if (id !== undefined) void navigate(`/runs/${id}`);
  };
  return (
    <>
      {kept && (
        <CopyButton
          label={words.copyCurl}
          text={async () =>
            asCurl((await call("workflow_url", { id: run.workflowId })).url, payload)
          }
        />
      )}
      {run.status === "waiting" && <RetryNow id={run.id} />}
      {cancellable && (
        <Button
          variant="danger"
          onPress={() => {
            setOpen("cancel");
          }}
        >
          {words.cancel}
        </Button>
      )}
      {ended && kept && (
        <>
          <Button
            variant={run.status === "rejected" ? "primary" : "secondary"}
            icon="pencil"
            onPress={() => {
              setOpen("edit");
            }}
          >
            {words.editAndRerun}
          </Button>
          <Button
            variant={run.status === "failed" ? "primary" : "secondary"}
            icon="rerun"
            onPress={() => {
              setOpen("rerun");
            }}
          >
            {failedAt === undefined ? words.rerunButton : words.rerunFromStep(failedAt)}
          </Button>
        </>
      )}
      {open === "rerun" && (
        <RerunDialog
          target={{ ids: [run.id] }}
          from={failedAt === undefined ? "start" : "failed"}
          onClose={close}
          onDone={([id]) => {
            go(id);
          }}
        />
      )}
      {open === "edit" && (
        <EditAndRerun
          id={run.id}
          payload={payload}
          onClose={close}
          onDone={(id) => {
            close();
            go(id);
          }}
        />
      )}
      {open === "cancel" && <CancelDialog id={run.id} onClose={close} />}
    </>
  );
}

function RetryNow({ id }: { id: string }) {
  const retry = useWrite("run_retry_now");
  return (
    <Button
      variant="primary"
      icon="rerun"
      isPending={retry.isPending}
      onPress={() => {
        retry.mutate(
          { id },
          {
            onError: (error) => {
              toast("bad", error.message);
            },
          },
        );
      }}
    >
      {words.retryNow}
    </Button>
  );
}

function CancelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const cancel = useWrite("run_cancel");
  return (
    <ConfirmDialog
      title={words.cancelTitle}
      confirm={words.cancel}
      danger
      isOpen
      isPending={cancel.isPending}
      onClose={onClose}
      onConfirm={() => {
        cancel.mutate({ id }, { onSuccess: onClose });
      }}
    >
      <p>{words.cancelText}</p>
      {cancel.error && <ErrorNote error={cancel.error} />}
    </ConfirmDialog>
  );
}
