import { useState } from "react";
import type { Run } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { CodeEditor } from "../../components/CodeEditor";
import { Sheet } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { toast } from "../../components/toast";
import { common, runs as words } from "../../i18n/en";
import { tryParse } from "../../json";
import { SchemaHelp } from "./SchemaHelp";

/** Mends a payload and runs it; the old run stays as it was. */
export function EditAndRerun({
  run,
  payload,
  onClose,
  onDone,
}: {
  run: Run;
  payload: unknown;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(payload, null, 2));
  const release = useWrite("run_release");
  const checked = check(text);
  return (
    <Sheet
      wide
      title={words.edit.title}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {common.cancel}
          </Button>
          <Button
            variant="primary"
            icon="play"
            isDisabled={"fault" in checked}
            isPending={release.isPending}
            onPress={() => {
              if ("fault" in checked) return;
              release.mutate(
                { id: run.id, payload: checked.value },
                {
                  onSuccess: (made) => {
                    toast("ok", words.started);
                    onDone(made.id);
                  },
                },
              );
            }}
          >
            {words.edit.run}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="muted">{words.edit.lead}</p>
        <CodeEditor
          label={words.edit.payload}
          language="json"
          value={text}
          onChange={setText}
          minHeight="220px"
          maxHeight="46vh"
          error={"fault" in checked ? checked.fault : undefined}
        />
        <SchemaHelp
          workflowId={run.workflowId}
          payload={"fault" in checked ? undefined : checked.value}
        />
        {release.error && <ErrorNote error={release.error} />}
      </div>
    </Sheet>
  );
}

function check(text: string): { value: unknown } | { fault: string } {
  const parsed = tryParse(text);
  if ("fault" in parsed) return { fault: words.edit.notJson(parsed.fault) };
  const { value } = parsed;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? parsed : { fault: words.edit.notObject };
}
