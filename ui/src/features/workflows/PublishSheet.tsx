import { Button } from "../../components/Button";
import { Sheet } from "../../components/ConfirmDialog";
import { common, workflows as words } from "../../i18n/en";
import { Differences } from "./Differences";
import { DryRunView } from "./DryRunView";
import { useEditor } from "./EditorContext";
import type { Saving } from "./useSaving";

/** What publishing would change, in words and on the last payloads. It can be published without waiting for either. */
export function PublishSheet({
  isOpen,
  onClose,
  saving,
  next,
}: {
  isOpen: boolean;
  onClose: () => void;
  saving: Saving;
  /** The number that the version would get; undefined where there is nothing to publish. */
  next: number | undefined;
}) {
  const { id, file } = useEditor();
  if (id === undefined) return null;
  return (
    <Sheet
      title={next === undefined ? words.tryTitle : words.publishTitle(next)}
      wide
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onPress={onClose}>
            {next === undefined ? common.close : common.cancel}
          </Button>
          {next !== undefined && (
            <Button
              variant="primary"
              isPending={saving.busy}
              onPress={() => {
                onClose();
                void saving.save(true);
              }}
            >
              {words.publishNow(next)}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <section className="stack" aria-label={words.dryTitle}>
          <h3>{words.dryTitle}</h3>
          <p className="muted">{words.dryLead}</p>
          <DryRunView id={id} file={file} />
        </section>
        {next !== undefined && <Against />}
      </div>
    </Sheet>
  );
}

function Against() {
  const { detail } = useEditor();
  const version = detail?.workflow.version ?? 0;
  if (version === 0) return null;
  return (
    <section className="stack" aria-label={words.changesTitle(version)}>
      <h3>{words.changesTitle(version)}</h3>
      <Differences a={version} label={words.compareOf(`v${version}`, words.yours)} />
    </section>
  );
}
