import { Button } from "../../../../components/Button";
import { Sheet } from "../../../../components/ConfirmDialog";
import { common, workflows as words } from "../../../../i18n/en";
import { Destination } from "../properties/Destination";
import { Differences } from "./Differences";
import { DryRunView } from "./DryRunView";
import { useDraft, useOpened } from "../EditorContext";
import type { Saving } from "./useSaving";

/** Why the sheet is open: to look only, to make edits live, or to let a draft begin. */
export type Purpose = { kind: "try" } | { kind: "activate" } | { kind: "publish"; version: number };

/** What would change, in words and on the last payloads, and where it writes. It waits for none of that. */
export function PublishSheet({
  purpose,
  isOpen,
  onClose,
  saving,
}: {
  purpose: Purpose;
  isOpen: boolean;
  onClose: () => void;
  saving: Saving;
}) {
  const { id } = useOpened();
  const { file } = useDraft();
  const isTry = purpose.kind === "try";
  return (
    <Sheet
      title={titleOf(purpose)}
      wide
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {isTry ? common.close : common.cancel}
          </Button>
          {!isTry && (
            <Button
              variant="primary"
              isPending={saving.busy}
              onPress={() => {
                onClose();
                void (purpose.kind === "publish"
                  ? saving.save(true)
                  : saving.setStatus("active", true));
              }}
            >
              {purpose.kind === "publish" ? words.publishNow(purpose.version) : words.activate}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        {!isTry && <Destination onProblem={onClose} />}
        {id !== undefined && purpose.kind !== "activate" && (
          <section className="stack" aria-label={words.dryTitle}>
            {!isTry && <h3>{words.dryTitle}</h3>}
            <p className="muted">{words.dryLead}</p>
            <DryRunView id={id} file={file} />
          </section>
        )}
        {purpose.kind === "publish" && <Against />}
      </div>
    </Sheet>
  );
}

function titleOf(purpose: Purpose): string {
  if (purpose.kind === "publish") return words.publishTitle(purpose.version);
  return purpose.kind === "try" ? words.tryTitle : words.activateTitle;
}

function Against() {
  const { detail } = useOpened();
  const version = detail?.workflow.version ?? 0;
  if (version === 0) return null;
  return (
    <section className="stack" aria-label={words.changesTitle(version)}>
      <h3>{words.changesTitle(version)}</h3>
      <Differences a={version} label={words.compareOf(`v${version}`, words.yours)} />
    </section>
  );
}
