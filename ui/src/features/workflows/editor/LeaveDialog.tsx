import { useEffect } from "react";
import { useBlocker } from "react-router";
import { Button } from "../../../components/Button";
import { Sheet } from "../../../components/ConfirmDialog";
import { common, workflows as words } from "../../../i18n/en";

/** Asks before unsaved changes are left behind, also when the window closes. */
export function LeaveDialog({
  dirty,
  save,
  keep,
  giveUp,
}: {
  dirty: boolean;
  save: () => Promise<boolean>;
  keep: () => Promise<void>;
  giveUp: () => void;
}) {
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
  const stay = () => {
    blocker.reset?.();
  };
  const leave = () => {
    blocker.proceed?.();
  };
  return (
    <Sheet
      title={words.leaveTitle}
      wide
      isOpen={blocker.state === "blocked"}
      onClose={stay}
      footer={
        <>
          <Button variant="quiet" onPress={stay}>
            {common.cancel}
          </Button>
          <Button
            variant="danger"
            onPress={() => {
              giveUp();
              leave();
            }}
          >
            {words.leaveDiscard}
          </Button>
          <Button onPress={() => void keep().then(leave)}>{words.leaveKeep}</Button>
          <Button
            variant="primary"
            onPress={() =>
              void save().then((saved) => {
                if (saved) leave();
                else stay();
              })
            }
          >
            {words.leaveSave}
          </Button>
        </>
      }
    >
      {words.leaveLead}
    </Sheet>
  );
}
