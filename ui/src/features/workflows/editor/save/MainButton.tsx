import { useRead } from "../../../../api/queries";
import { Button } from "../../../../components/Button";
import { workflows as words } from "../../../../i18n/en";
import { useDraft, useOpened } from "../EditorContext";
import type { Purpose } from "./PublishSheet";
import type { Saving } from "./useSaving";

/** The next sensible thing: activate a draft, else publish what the endpoint does not run yet. */
export function MainButton({
  saving,
  next,
  onLook,
}: {
  saving: Saving;
  next: number | undefined;
  /** Opens what to look at before. */
  onLook: (purpose: Purpose) => void;
}) {
  const { detail } = useOpened();
  const { file } = useDraft();
  const known = useRead("connection_list", {}).data?.connections;
  const kind = known?.find(({ name }) => name === file.connection)?.kind;
  const workflow = detail?.workflow;
  if (workflow?.status === "archived") return null;
  if (!workflow || workflow.status === "draft") {
    return (
      <Button
        variant="primary"
        isPending={saving.busy}
        onPress={() => {
          // A real site is looked at before the first record is written there.
          if (kind === "sandbox") void saving.setStatus("active", true);
          else onLook({ kind: "activate" });
        }}
      >
        {words.activate}
      </Button>
    );
  }
  return (
    <Button
      variant="primary"
      isPending={saving.busy}
      isDisabled={next === undefined}
      onPress={() => {
        if (next !== undefined) onLook({ kind: "publish", version: next });
      }}
    >
      {next === undefined ? words.isPublished : words.publish(next)}
    </Button>
  );
}
