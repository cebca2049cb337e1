import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useNavigate } from "react-router";
import { useWrite } from "../../../api/queries";
import { Button } from "../../../components/Button";
import { CodeEditor } from "../../../components/CodeEditor";
import { Sheet } from "../../../components/ConfirmDialog";
import { Note } from "../../../components/Notes";
import { common, workflows as words } from "../../../i18n/en";
import { tryParse } from "../../../json";
import { ChangeList } from "../editor/save/ChangesSheet";

/** Adds a workflow from a file or from pasted text; it always becomes a new one. */
export function ImportSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const importing = useWrite("workflow_import");
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const made = importing.data;
  function close() {
    setText("");
    setFault(undefined);
    importing.reset();
    onClose();
  }
  function add() {
    const parsed = tryParse(text);
    if ("fault" in parsed) {
      setFault(words.notJson(parsed.fault));
      return;
    }
    setFault(undefined);
    importing.mutate(
      { file: parsed.value },
      {
        onSuccess: ({ id, changes }) => {
          if (changes.length > 0) return;
          close();
          void navigate(`/workflows/${id}`);
        },
      },
    );
  }
  return (
    <Sheet
      title={made ? words.imported : words.importTitle}
      wide
      isOpen={isOpen}
      onClose={close}
      footer={
        made ? (
          <Button
            variant="primary"
            onPress={() => {
              close();
              void navigate(`/workflows/${made.id}`);
            }}
          >
            {words.open}
          </Button>
        ) : (
          <>
            <Button variant="quiet" onPress={close}>
              {common.cancel}
            </Button>
            <Button
              variant="primary"
              isPending={importing.isPending}
              isDisabled={text.trim() === ""}
              onPress={add}
            >
              {words.importIt}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <ChangeList changes={made.changes} />
      ) : (
        <div className="stack">
          <p className="muted">{words.importLead}</p>
          <div>
            <FileTrigger
              acceptedFileTypes={[".json", "application/json"]}
              onSelect={(files) => {
                void files?.[0]?.text().then(setText);
              }}
            >
              <Button icon="box">{words.chooseFile}</Button>
            </FileTrigger>
          </div>
          <CodeEditor
            label={words.pasteFile}
            language="json"
            minLines={9}
            maxLines={16}
            value={text}
            onChange={setText}
            error={fault}
          />
          {importing.error && <Note title={importing.error.message} />}
        </div>
      )}
    </Sheet>
  );
}
