import { useRead, useWrite } from "../../api/queries";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { toast } from "../../components/toast";
import { runs as words } from "../../i18n/en";
import type { Target } from "./RerunDialog";

/** Says first what cancelling several runs would do, then does it. */
export function CancelDialog({
  target,
  onClose,
  onDone,
}: {
  target: Target;
  onClose: () => void;
  onDone: () => void;
}) {
  const preview = useRead("run_cancel_many", { ...target, preview: true }, { keep: true });
  const cancel = useWrite("run_cancel_many");
  const error = cancel.error ?? preview.error;
  return (
    <ConfirmDialog
      title={words.cancelMany.title("ids" in target ? target.ids.length : undefined)}
      confirm={words.cancelMany.confirm}
      danger
      isOpen
      isPending={cancel.isPending}
      onClose={onClose}
      onConfirm={() => {
        cancel.mutate(target, {
          onSuccess: ({ cancelled }) => {
            toast("ok", words.cancelMany.done(cancelled));
            onDone();
            onClose();
          },
        });
      }}
    >
      <div className="stack">
        {error ? (
          <ErrorNote error={error} />
        ) : preview.data ? (
          <ul>
            <li>
              <b>{words.cancelMany.will(preview.data.cancelled)}</b>
            </li>
            {preview.data.underWay > 0 && (
              <li>{words.cancelMany.underWay(preview.data.underWay)}</li>
            )}
            {preview.data.ended > 0 && <li>{words.cancelMany.ended(preview.data.ended)}</li>}
          </ul>
        ) : (
          <Skeleton lines={2} />
        )}
        <p className="muted">{words.cancelText}</p>
      </div>
    </ConfirmDialog>
  );
}
