import { useState, type ReactNode } from "react";
import type { WorkflowSummary } from "../../api/bindings";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { sender as words } from "../../i18n/en";
import { useIsLive } from "./Way";

/** Asks before the first test that writes to a live iMIS; after a yes it asks no more on this visit. */
export function useLiveGuard(workflow: WorkflowSummary): {
  guard: (go: () => void) => void;
  question: ReactNode;
} {
  const isLive = useIsLive(workflow);
  const [agreed, setAgreed] = useState(false);
  const [waiting, setWaiting] = useState<() => void>();
  return {
    guard: (go) => {
      if (isLive && !agreed) setWaiting(() => go);
      else go();
    },
    question: waiting && (
      <ConfirmDialog
        title={words.live.title(workflow.connection)}
        confirm={words.live.confirm}
        danger
        isOpen
        onClose={() => {
          setWaiting(undefined);
        }}
        onConfirm={() => {
          setAgreed(true);
          setWaiting(undefined);
          waiting();
        }}
      >
        <p>{words.live.text}</p>
      </ConfirmDialog>
    ),
  };
}
