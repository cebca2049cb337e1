import { useEffect, useState } from "react";
import type { Draft as Kept } from "../../../api/bindings";
import { call } from "../../../api/call";
import { Button, LinkButton } from "../../../components/Button";
import { Note } from "../../../components/Notes";
import { workflows as words } from "../../../i18n/en";
import { formatWhen } from "../../../i18n/format";
import { asFile } from "../../../workflow/file";

/** A workflow that was begun and never saved is in no list: it is offered here. */
export function NewDraftNote() {
  const [drafts, setDrafts] = useState<Kept[]>([]);
  useEffect(() => {
    let wanted = true;
    call("draft_list", {})
      .then(({ drafts: found }) => {
        if (wanted) setDrafts(found);
      })
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, []);
  const [newest] = drafts;
  if (!newest) return null;
  return (
    <Note
      tone="busy"
      title={words.newDrafts(asFile(newest.file).name || words.unnamed, formatWhen(newest.savedAt))}
      actions={
        <>
          <LinkButton href="/workflows/new" variant="primary">
            {words.openDraft}
          </LinkButton>
          <Button
            onPress={() => {
              setDrafts(drafts.slice(1));
              void call("draft_discard", { editor: newest.editor }).catch(() => undefined);
            }}
          >
            {words.discardDraft}
          </Button>
        </>
      }
    />
  );
}
