import { useState } from "react";
import type { Run } from "../../api/bindings";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { common, runs as words } from "../../i18n/en";
import { formatWhen } from "../../i18n/format";
import { useScenarioEdit, withScenario } from "../../workflow/useScenarioEdit";

/** Makes the run a scenario of its workflow: the same payload is to end the same way again. */
export function KeepDialog({
  run,
  payload,
  onClose,
}: {
  run: Run;
  payload: unknown;
  onClose: () => void;
}) {
  const { status, receivedAt, workflowId } = run;
  const [name, setName] = useState(
    words.keep.suggested(common.status[status], formatWhen(receivedAt)),
  );
  const { edit, error, isPending } = useScenarioEdit(workflowId);
  const trimmed = name.trim();
  const keep = async () => {
    if (trimmed === "") return;
    const expect = { answer: status === "rejected" ? 400 : 200, status };
    const scenario = { name: trimmed, payload, expect };
    if (!(await edit((kept) => withScenario(kept, scenario)))) return;
    toast("ok", words.keep.done(trimmed), {
      href: `/sender?workflow=${workflowId}&mode=all`,
      text: words.keep.open,
    });
    onClose();
  };
  return (
    <ConfirmDialog
      title={words.keep.title}
      confirm={words.keep.confirm}
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => void keep()}
    >
      <div className="stack">
        <p className="muted">{words.keep.lead}</p>
        <TextField
          label={words.keep.name}
          value={name}
          onChange={setName}
          error={trimmed === "" ? words.keep.missing : undefined}
        />
        {error && <ErrorNote error={error} />}
      </div>
    </ConfirmDialog>
  );
}
