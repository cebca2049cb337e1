import { useState } from "react";
import type { DeliveriesReleased } from "../../../api/bindings";
import type { Request } from "../../../api/call";
import { useRead, useWrite } from "../../../api/queries";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { ErrorNote, Note, Skeleton } from "../../../components/Notes";
import { toast } from "../../../components/toast";
import { deliveries as words } from "../../../i18n/en";

/** Makes runs of many refused requests, of a selection or of all that the filter finds, after saying of how many. */
export function ReleaseMany({
  target,
  onClose,
}: {
  target: Pick<Request<"delivery_release_many">, "ids" | "filter">;
  onClose: () => void;
}) {
  const preview = useRead("delivery_release_many", { ...target, preview: true }, { keep: true });
  const release = useWrite("delivery_release_many");
  const [done, setDone] = useState<DeliveriesReleased>();
  const error = release.error ?? preview.error;
  const count = preview.data?.count ?? 0;
  const run = () => {
    release.mutate(target, {
      onSuccess: (answer) => {
        if (answer.released.length > 0) toast("ok", words.many.done(answer.released.length));
        if (answer.left.length === 0) onClose();
        else setDone(answer);
      },
    });
  };
  return (
    <ConfirmDialog
      title={done ? words.many.left(done.left.length) : words.many.title(count)}
      confirm={done ? words.many.close : words.many.confirm(count)}
      isOpen
      isPending={release.isPending}
      onClose={onClose}
      onConfirm={done || count === 0 ? onClose : run}
    >
      <div className="stack">
        {error && <ErrorNote error={error} />}
        {done ? (
          <ul>
            {[...reasons(done)].map(([reason, times]) => (
              <li key={reason}>{words.many.reason(reason, times)}</li>
            ))}
          </ul>
        ) : preview.data ? (
          count === 0 ? (
            <Note tone="idle">{words.many.none}</Note>
          ) : (
            <p>{words.many.lead}</p>
          )
        ) : (
          !error && <Skeleton lines={2} />
        )}
      </div>
    </ConfirmDialog>
  );
}

/** Each reason once, with how many there are. */
function reasons({ left }: DeliveriesReleased): Map<string, number> {
  const found = new Map<string, number>();
  for (const { reason } of left) found.set(reason, (found.get(reason) ?? 0) + 1);
  return found;
}
