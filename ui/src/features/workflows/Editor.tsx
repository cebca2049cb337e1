import { useEffect } from "react";
import { useBlocker } from "react-router";
import type { WorkflowDetail } from "../../api/bindings";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { workflows as words } from "../../i18n/en";
import type { WorkflowFile } from "../../workflow/file";
import { Drawer } from "./Drawer";
import styles from "./Editor.module.css";
import { EditorBar } from "./EditorBar";
import { EditorContext } from "./EditorContext";
import { Middle } from "./Middle";
import { Problems } from "./Problems";
import { Properties } from "./Properties";
import { useEditing, useShortcuts } from "./useEditing";
import { useSaving } from "./useSaving";

/** List in the middle, properties at the right, sample at the bottom; all work on one draft. */
export function Editor(start: {
  id: string | undefined;
  detail: WorkflowDetail | undefined;
  file: WorkflowFile;
}) {
  const { editing, draft, dirty, checking } = useEditing(start);
  const saving = useSaving(editing, dirty);
  useShortcuts({
    undo: () => {
      editing.edit({ kind: "undo" });
    },
    redo: () => {
      editing.edit({ kind: "redo" });
    },
    save: () => {
      if (dirty || editing.id === undefined) void saving.save(false);
    },
  });
  return (
    <EditorContext value={editing}>
      <div className={styles.editor}>
        <EditorBar draft={draft} dirty={dirty} saving={saving} />
        <div className={styles.middle}>
          <Middle />
          <Problems checking={checking} />
        </div>
        <Drawer />
        <Properties />
      </div>
      <LeaveGuard dirty={dirty} />
    </EditorContext>
  );
}

/** Asks before unsaved changes are left behind, also when the window closes. */
function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty &&
      currentLocation.pathname !== nextLocation.pathname &&
      (nextLocation.state as { saved?: boolean } | null)?.saved !== true,
  );
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [dirty]);
  return (
    <ConfirmDialog
      title={words.leaveTitle}
      confirm={words.leave}
      danger
      isOpen={blocker.state === "blocked"}
      onClose={() => {
        blocker.reset?.();
      }}
      onConfirm={() => {
        blocker.proceed?.();
      }}
    >
      {words.leaveLead}
    </ConfirmDialog>
  );
}
