import { useState } from "react";
import { goesAgain, type ApiError } from "../../api/errors";
import { Button } from "../../components/Button";
import { CodeEditor } from "../../components/CodeEditor";
import { Sheet } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { common, runs as words } from "../../i18n/en";
import { tryParse } from "../../json";
import { SchemaHelp } from "./SchemaHelp";

/** Edits a payload beside what its workflow expects, and runs it. */
export function PayloadSheet({
  title,
  lead,
  initial,
  workflowId,
  error,
  isPending,
  onRun,
  onClose,
}: {
  title: string;
  lead: string;
  /** As text: it need not be JSON yet. */
  initial: string;
  workflowId: string;
  error: ApiError | null;
  isPending: boolean;
  /** `again`: a person's word that it shall go once more although it did before. */
  onRun: (payload: unknown, again: boolean) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(initial);
  const checked = check(text);
  const again = error !== null && goesAgain(error);
  return (
    <Sheet
      wide
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {common.cancel}
          </Button>
          <Button
            variant={again ? "danger" : "primary"}
            icon="play"
            isDisabled={"fault" in checked}
            isPending={isPending}
            onPress={() => {
              if ("value" in checked) onRun(checked.value, again);
            }}
          >
            {again ? words.edit.again : words.edit.run}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="muted">{lead}</p>
        <CodeEditor
          label={words.edit.payload}
          language="json"
          value={text}
          onChange={setText}
          minLines={11}
          maxLines={15}
          error={"fault" in checked ? checked.fault : undefined}
        />
        <SchemaHelp
          workflowId={workflowId}
          payload={"fault" in checked ? undefined : checked.value}
        />
        {error && <ErrorNote error={error} />}
      </div>
    </Sheet>
  );
}

function check(text: string): { value: unknown } | { fault: string } {
  const parsed = tryParse(text);
  if ("fault" in parsed) return { fault: words.edit.notJson(parsed.fault) };
  return isObject(parsed.value) ? parsed : { fault: words.edit.notObject };
}

/** What a run can be made of. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
