import { useState } from "react";
import { useNavigate } from "react-router";
import type { Run } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Menu } from "../../components/Menu";
import { ErrorNote } from "../../components/Notes";
import { toast } from "../../components/toast";
import { runs as words } from "../../i18n/en";
import { RetryConnections } from "../../workflow/RetryConnections";
import type { Detail } from "./around";
import { asCurl } from "./curl";
import { KeepDialog } from "./KeepDialog";
import { stepNumber } from "./heading";
import { RerunDialog } from "./RerunDialog";

type Open = "rerun" | "keep" | "cancel";

export function RunActions({
  detail,
  connection,
  onEdit,
}: {
  detail: Detail;
  /** Where it writes; undefined while that is not known. */
  connection: string | undefined;
  /** Missing where the run cannot be run again. */
  onEdit: (() => void) | undefined;
}) {
  const { run, steps, payload } = detail;
  const [open, setOpen] = useState<Open>();
  const navigate = useNavigate();
  const close = () => {
    setOpen(undefined);
  };
  const cancellable = ["queued", "waiting", "held"].includes(run.status);
  const kept = payload != null;
  const failedAt = run.status === "failed" ? stepNumber(run, steps) : undefined;
  const go = (id: string | undefined) => {
    if (id !== undefined) void navigate(`/runs/${id}`);
  };
  return (
    <>
      {kept && (
        <More
          run={run}
          payload={payload}
          onKeep={() => {
            setOpen("keep");
          }}
        />
      )}
      {run.status === "waiting" && <RetryNow id={run.id} connection={connection} />}
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
      {onEdit && (
        <>
          <Button
            variant={run.status === "rejected" ? "primary" : "secondary"}
            icon="pencil"
            onPress={onEdit}
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
      {open === "keep" && <KeepDialog run={run} payload={payload} onClose={close} />}
      {open === "cancel" && <CancelOne id={run.id} onClose={close} />}
    </>
  );
}

/** What is seldom done with a run. */
function More({ run, payload, onKeep }: { run: Run; payload: unknown; onKeep: () => void }) {
  const navigate = useNavigate();
  const copy = async () => {
    try {
      const { url } = await call("workflow_url", { id: run.workflowId });
      await navigator.clipboard.writeText(asCurl(url, payload));
      toast("ok", words.curlCopied);
    } catch (error) {
      toast("bad", asApiError(error).message);
    }
  };
  return (
    <Menu
      label={words.more}
      entries={[
        { id: "curl", label: words.copyCurl, onAction: () => void copy() },
        { id: "keep", label: words.keep.button, onAction: onKeep },
        {
          id: "workflow",
          label: words.openWorkflow,
          onAction: () => void navigate(`/workflows/${run.workflowId}`),
        },
        {
          id: "same",
          label: words.sameWorkflow,
          onAction: () => void navigate(`/runs?workflow=${run.workflowId}`),
        },
      ]}
    />
  );
}

/** A run that waits for a connection goes on with the others, once that can be used again. */
function RetryNow({ id, connection }: { id: string; connection: string | undefined }) {
  const retry = useWrite("run_retry_now");
  const connections = useRead("connection_list", {}).data?.connections ?? [];
  const site = connections.find(({ name }) => name === connection);
  if (site?.passwordTrouble !== undefined) return <RetryConnections variant="primary" />;
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

function CancelOne({ id, onClose }: { id: string; onClose: () => void }) {
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
