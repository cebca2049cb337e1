import { useState } from "react";
import type { Draft as Kept } from "../../../../api/bindings";
import { call } from "../../../../api/call";
import { asApiError } from "../../../../api/errors";
import { Button } from "../../../../components/Button";
import { Note } from "../../../../components/Notes";
import { toast } from "../../../../components/toast";
import { workflows as words } from "../../../../i18n/en";
import { formatWhen } from "../../../../i18n/format";
import { same } from "../../../../json";
import { asFile } from "../../../../workflow/file";
import styles from "../Editor.module.css";
import { useDraft, useOpened } from "../EditorContext";

/** What an editor left that did not end in order: nothing of it is taken or thrown away unasked. */
export function KeptNote({ offers, settle }: { offers: Kept[]; settle: (offer: Kept) => void }) {
  const { file, edit } = useDraft();
  const { base, setBase } = useOpened();
  const offer = offers.find((each) => !same(asFile(each.file), file));
  if (!offer) return null;
  return (
    <div className={styles.note}>
      <Note
        tone="busy"
        title={words.keptTitle(formatWhen(offer.savedAt))}
        actions={
          <>
            <Button
              variant="primary"
              onPress={() => {
                edit({ kind: "restore", file: asFile(offer.file) });
                // Its author had not seen what was saved since: saving over that asks first.
                setBase(offer.base);
                settle(offer);
              }}
            >
              {words.restoreDraft}
            </Button>
            <Button
              onPress={() => {
                settle(offer);
              }}
            >
              {words.discardDraft}
            </Button>
          </>
        }
      >
        {offer.base < base ? words.keptOlder(offer.base, base) : words.keptLead}
      </Note>
    </div>
  );
}

/** Somebody saved this workflow elsewhere while it was open here. */
export function NewerNote({ busy, dirty }: { busy: boolean; dirty: boolean }) {
  const { id, detail, base } = useOpened();
  const load = useLoadVersion();
  const [loading, setLoading] = useState(false);
  const latest = detail?.workflow.latestVersion ?? 0;
  if (busy || id === undefined || latest <= base) return null;
  return (
    <div className={styles.note}>
      <Note
        tone="warn"
        title={words.newerTitle(latest)}
        actions={
          <Button
            isPending={loading}
            onPress={() => {
              setLoading(true);
              void load(latest).then(() => {
                setLoading(false);
              });
            }}
          >
            {words.loadNewer(latest)}
          </Button>
        }
      >
        {dirty ? words.newerDirty : words.newerLead}
      </Note>
    </div>
  );
}

/** Takes a newer version in place of what is on the screen; Undo brings that back. */
export function useLoadVersion(): (version: number) => Promise<void> {
  const { id = "", setBase } = useOpened();
  const { edit } = useDraft();
  return async (version) => {
    try {
      const file = asFile((await call("workflow_get", { id, version })).file);
      edit({ kind: "restore", file });
      edit({ kind: "saved", file });
      setBase(version);
    } catch (error) {
      toast("bad", asApiError(error).message);
    }
  };
}
