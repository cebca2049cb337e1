import type { WorkflowDetail } from "../../../api/bindings";
import type { WorkflowFile } from "../../../workflow/file";
import { ChangesSheet } from "./save/ChangesSheet";
import { ConflictDialog } from "./save/ConflictDialog";
import { KeptNote, NewerNote } from "./save/DraftNotes";
import { Drawer } from "./sample/Drawer";
import styles from "./Editor.module.css";
import { EditorBar } from "./EditorBar";
import { EditorProvider } from "./EditorProvider";
import { LeaveDialog } from "./LeaveDialog";
import { Middle } from "./Middle";
import { Problems } from "./Problems";
import { Properties } from "./properties/Properties";
import { useEditing } from "./useEditing";
import { useKeptDraft } from "./save/useKeptDraft";
import { useSaving } from "./save/useSaving";
import { useShortcuts } from "./useShortcuts";

/** Steps in the middle, properties at the right, sample at the bottom; all work on one draft. */
export function Editor(start: {
  id: string | undefined;
  detail: WorkflowDetail | undefined;
  file: WorkflowFile;
}) {
  const { editing, draft, dirty, checking } = useEditing(start);
  const { id, base } = editing.opened;
  const { file, edit } = editing.edited;
  const saving = useSaving(editing, dirty);
  const { kept, failed, offers, settle, keepNow, giveUp } = useKeptDraft({ id, base, file, dirty });
  useShortcuts({
    undo: () => {
      edit({ kind: "undo" });
    },
    redo: () => {
      edit({ kind: "redo" });
    },
    save: () => {
      if (dirty || id === undefined) void saving.save(false);
    },
  });
  return (
    <EditorProvider editing={editing}>
      <div className={styles.editor}>
        <EditorBar draft={draft} dirty={dirty} saving={saving} kept={kept} failed={failed} />
        <div className={styles.middle}>
          <KeptNote offers={offers} settle={settle} />
          <NewerNote busy={saving.busy} dirty={dirty} />
          <Middle />
          <Problems checking={checking} />
        </div>
        <Properties />
        <Drawer />
      </div>
      <ConflictDialog saving={saving} />
      <ChangesSheet changes={saving.changes} onClose={saving.closeChanges} />
      <LeaveDialog
        dirty={dirty}
        save={() => saving.save(false)}
        keep={() => keepNow()}
        giveUp={giveUp}
      />
    </EditorProvider>
  );
}
