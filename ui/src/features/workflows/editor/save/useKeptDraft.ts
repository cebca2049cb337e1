import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Draft as Kept } from "../../../../api/bindings";
import { call } from "../../../../api/call";
import type { WorkflowFile } from "../../../../workflow/file";

/** How much typing a crash may cost. */
const pause = 800;

type Given = { id: string | undefined; base: number; file: WorkflowFile; dirty: boolean };

/**
 * Keeps what is unsaved with the program, so that a crash of it or of the window loses nothing. `kept`: whether what
 * is on the screen is safe; `offers`: what other editors of this workflow left.
 */
export function useKeptDraft({ id, base, file, dirty }: Given) {
  const [editor] = useState(() => crypto.randomUUID());
  const [kept, setKept] = useState<WorkflowFile>();
  const [failed, setFailed] = useState(false);
  const [offers, setOffers] = useState<Kept[]>([]);
  const stored = useRef(false);
  const givenUp = useRef(false);
  const keepNow = async () => {
    stored.current = true;
    try {
      await call("draft_save", { editor, ...(id !== undefined && { id }), base, file });
      setKept(file);
      setFailed(false);
    } catch {
      // Said in the bar; the next change tries again.
      setFailed(true);
    }
  };
  const forgetNow = () => {
    if (!stored.current) return;
    stored.current = false;
    void call("draft_discard", { editor }).catch(() => undefined);
  };
  const keep = useEffectEvent(keepNow);
  const forget = useEffectEvent(forgetNow);
  useEffect(() => {
    if (!dirty) {
      forget();
      return;
    }
    const timer = setTimeout(() => void keep(), pause);
    return () => {
      clearTimeout(timer);
    };
  }, [dirty, file]);
  const flush = useEffectEvent(() => {
    if (dirty && kept !== file && !givenUp.current) void keep();
  });
  useEffect(() => {
    const now = () => {
      flush();
    };
    window.addEventListener("pagehide", now);
    return () => {
      window.removeEventListener("pagehide", now);
      now();
    };
  }, []);
  const look = useEffectEvent(() => {
    const request = id === undefined ? {} : { id };
    call("draft_list", request)
      .then(({ drafts }) => {
        setOffers(drafts.filter((draft) => draft.editor !== editor));
      })
      .catch(() => undefined);
  });
  useEffect(() => {
    look();
  }, []);
  return {
    kept: dirty && kept === file,
    failed: dirty && failed,
    offers,
    /** Forgets a draft that was taken over or is not wanted. */
    settle: (offer: Kept) => {
      setOffers((all) => all.filter((each) => each !== offer));
      void call("draft_discard", { editor: offer.editor }).catch(() => undefined);
    },
    /** Keeps at once, before leaving. */
    keepNow,
    /** Gives up what is unsaved. */
    giveUp: () => {
      givenUp.current = true;
      forgetNow();
    },
  };
}
