import { Button } from "../../../../components/Button";
import { Sheet } from "../../../../components/ConfirmDialog";
import { common, workflows as words } from "../../../../i18n/en";
import { Differences } from "./Differences";
import { useLoadVersion } from "./DraftNotes";
import type { Saving } from "./useSaving";

/** Two people edited the same version: what the other one saved is shown before anything goes over it. */
export function ConflictDialog({ saving }: { saving: Saving }) {
  const { conflict, closeConflict } = saving;
  const load = useLoadVersion();
  if (!conflict) return null;
  const { latest, again } = conflict;
  return (
    <Sheet
      title={words.conflictTitle(latest)}
      wide
      isOpen
      onClose={closeConflict}
      footer={
        <>
          <Button variant="quiet" onPress={closeConflict}>
            {common.cancel}
          </Button>
          <Button
            onPress={() => {
              closeConflict();
              void load(latest);
            }}
          >
            {words.takeTheirs(latest)}
          </Button>
          <Button variant="danger" onPress={() => void again(latest)}>
            {words.saveMine(latest + 1)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="muted">{words.conflictLead(latest)}</p>
        <Differences a={latest} label={words.compareOf(`v${latest}`, words.yours)} />
      </div>
    </Sheet>
  );
}
