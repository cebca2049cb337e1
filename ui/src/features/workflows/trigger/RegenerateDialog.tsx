import { useState } from "react";
import { useWrite } from "../../../api/queries";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { Select } from "../../../components/Select";
import { toast } from "../../../components/toast";
import { workflows as words } from "../../../i18n/en";

/** A new token breaks who still uses the old URL: say so, and offer a time in which both work. */
export function RegenerateDialog({
  id,
  isOpen,
  onClose,
}: {
  id: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [overlap, setOverlap] = useState("0");
  const regenerate = useWrite("workflow_regenerate_url");
  return (
    <ConfirmDialog
      title={words.regenerateTitle}
      confirm={words.regenerate}
      danger
      isOpen={isOpen}
      isPending={regenerate.isPending}
      onClose={onClose}
      onConfirm={() => {
        regenerate.mutate(
          { id, overlapHours: Number(overlap) },
          {
            onSuccess: () => {
              toast("ok", words.regenerated);
              onClose();
            },
            onError: (error) => {
              toast("bad", error.message);
            },
          },
        );
      }}
    >
      <div className="stack">
        <p>{words.regenerateLead}</p>
        <Select
          label={words.overlap}
          options={[...words.overlaps]}
          value={overlap}
          onChange={setOverlap}
        />
      </div>
    </ConfirmDialog>
  );
}
