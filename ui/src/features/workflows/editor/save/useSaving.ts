import { useState } from "react";
import { useNavigate } from "react-router";
import type { Change, WorkflowStatus } from "../../../../api/bindings";
import { call } from "../../../../api/call";
import { asApiError, type ApiError } from "../../../../api/errors";
import { useWrite } from "../../../../api/queries";
import { toast } from "../../../../components/toast";
import { workflows as words } from "../../../../i18n/en";
import { asFile, asObject, text } from "../../../../workflow/file";
import type { Editing } from "../EditorContext";
import { placeOf } from "../places";

export type Saving = ReturnType<typeof useSaving>;

/** Somebody else saved meanwhile: what was to be done, and the version that is there now. */
type Conflict = { latest: number; again: (over: number) => Promise<void> };

/** Saving, publishing and setting the state. Each ends with a word of what happened. */
export function useSaving({ opened, edited, selection }: Editing, dirty: boolean) {
  const { id, base, setBase } = opened;
  const { file, edit } = edited;
  const { select } = selection;
  const navigate = useNavigate();
  const write = useWrite("workflow_save");
  const status = useWrite("workflow_set_status");
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict>();
  const [changes, setChanges] = useState<Change[]>([]);

  function refuse(error: ApiError, again: Conflict["again"]) {
    const details = asObject(error.details);
    if (error.code === "newerVersion" && typeof details.latestVersion === "number") {
      setConflict({ latest: details.latestVersion, again });
      return;
    }
    const path = text(details, "path");
    const { step, field } = placeOf(file, path);
    if (path !== "") select(step, field);
    toast("bad", error.message);
  }

  async function store(publish: boolean, over: number): Promise<{ id: string; version: number }> {
    const sent = file;
    const known = id !== undefined && { id, base: over };
    const saved = await write.mutateAsync({ ...known, file: sent, publish });
    setBase(saved.version);
    if (saved.changes.length > 0) {
      const stored = await call("workflow_get", { id: saved.id });
      edit({ kind: "restore", file: asFile(stored.file) });
      edit({ kind: "saved", file: asFile(stored.file) });
      setChanges(saved.changes);
    } else {
      edit({ kind: "saved", file: sent });
    }
    return saved;
  }

  /** True when it went well. */
  async function attempt(work: (over: number) => Promise<void>, over = base): Promise<boolean> {
    setBusy(true);
    setConflict(undefined);
    const done = await work(over).then(
      () => true,
      (error: unknown) => {
        refuse(asApiError(error), async (latest) => {
          await attempt(work, latest);
        });
        return false;
      },
    );
    setBusy(false);
    return done;
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
    conflict,
    closeConflict: () => {
      setConflict(undefined);
    },
    changes,
    closeChanges: () => {
      setChanges([]);
    },
    save: (publish: boolean) =>
      attempt(async (over) => {
        const saved = await store(publish, over);
        toast("ok", savedWords(id === undefined, publish, saved.version));
        open(saved.id);
      }),
    /** Saves what is unsaved first; a workflow that becomes active runs what is on the screen. */
    setStatus: (to: WorkflowStatus, publish = false) =>
      attempt(async (over) => {
        const savedId = dirty || id === undefined || publish ? (await store(publish, over)).id : id;
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
