import { useState } from "react";
import { useNavigate } from "react-router";
import type { WorkflowStatus } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError, type ApiError } from "../../api/errors";
import { useWrite } from "../../api/queries";
import { toast } from "../../components/toast";
import { workflows as words } from "../../i18n/en";
import { asFile, asObject, text } from "../../workflow/file";
import { placeOf } from "./places";
import type { Editing } from "./EditorContext";

export type Saving = ReturnType<typeof useSaving>;

/** Saving, publishing and setting the state. Each ends with a word of what happened. */
export function useSaving(editing: Editing, dirty: boolean) {
  const { id, file, edit, select } = editing;
  const navigate = useNavigate();
  const write = useWrite("workflow_save");
  const status = useWrite("workflow_set_status");
  const [busy, setBusy] = useState(false);

  function refuse(error: ApiError) {
    const path = text(asObject(error.details), "path");
    const { step, field } = placeOf(file, path);
    if (path !== "") select(step, field);
    toast("bad", error.message);
  }

  async function store(publish: boolean): Promise<{ id: string; version: number }> {
    const sent = file;
    const saved = await write.mutateAsync({ ...(id !== undefined && { id }), file: sent, publish });
    if (saved.changes.length > 0) {
      const stored = await call("workflow_get", { id: saved.id });
      edit({ kind: "restore", file: asFile(stored.file) });
      edit({ kind: "saved", file: asFile(stored.file) });
      toast("ok", words.rewritten(saved.changes.length));
    } else {
      edit({ kind: "saved", file: sent });
    }
    return saved;
  }

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      refuse(asApiError(error));
    }
    setBusy(false);
  }

  /** The URL is made by the first save: show it at once. */
  function open(savedId: string) {
    if (id === undefined) {
      void navigate(`/workflows/${savedId}?step=trigger`, {
        replace: true,
        state: { saved: true },
      });
    }
  }

  return {
    busy,
    save: (publish: boolean) =>
      attempt(async () => {
        const saved = await store(publish);
        toast("ok", savedWords(id === undefined, publish, saved.version));
        open(saved.id);
      }),
    /** Saves what is unsaved first; a workflow that becomes active runs what is on the screen. */
    setStatus: (to: WorkflowStatus, publish = false) =>
      attempt(async () => {
        const savedId = dirty || id === undefined || publish ? (await store(publish)).id : id;
        await status.mutateAsync({ id: savedId, status: to });
        toast("ok", words.statusSet[to]);
        open(savedId);
      }),
  };
}

function savedWords(first: boolean, publish: boolean, version: number): string {
  if (first) return words.savedFirst;
  return publish ? words.published(version) : words.saved(version);
}
