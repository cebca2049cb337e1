import type { Run } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { toast } from "../../components/toast";
import { runs as words } from "../../i18n/en";
import { PayloadSheet } from "./PayloadSheet";

/** Edits a payload and runs it; the old run stays as it was. */
export function EditAndRerun({
  run,
  payload: received,
  onClose,
  onDone,
}: {
  run: Run;
  payload: unknown;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const release = useWrite("run_release");
  return (
    <PayloadSheet
      title={words.edit.title}
      lead={words.edit.lead}
      initial={JSON.stringify(received, null, 2)}
      workflowId={run.workflowId}
      error={release.error}
      isPending={release.isPending}
      onClose={onClose}
      onRun={(payload, again) => {
        release.mutate(
          { id: run.id, payload, ...(again && { again }) },
          {
            onSuccess: (made) => {
              toast("ok", words.started);
              onDone(made.id);
            },
          },
        );
      }}
    />
  );
}
