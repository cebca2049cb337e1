import { useState } from "react";
import { useNavigate } from "react-router";
import type { DeliveryDetail } from "../../../api/bindings";
import { useWrite } from "../../../api/queries";
import { Button } from "../../../components/Button";
import { toast } from "../../../components/toast";
import { deliveries as words } from "../../../i18n/en";
import { tryParse } from "../../../json";
import { isObject, PayloadSheet } from "../PayloadSheet";

/** Makes a run of a refused request: of what came, or of a mended payload. Once. */
export function Release({ detail }: { detail: DeliveryDetail }) {
  const { delivery, body } = detail;
  const { id, workflowId, releasedRun } = delivery;
  const [isMending, setIsMending] = useState(false);
  const release = useWrite("delivery_release");
  const navigate = useNavigate();
  if (workflowId === undefined || releasedRun !== undefined) return null;

  const parsed = body === undefined ? undefined : tryParse(body);
  const isReady = parsed !== undefined && "value" in parsed && isObject(parsed.value);
  const run = (payload?: unknown, again = false) => {
    release.mutate(
      { id, ...(payload !== undefined && { payload }), ...(again && { again }) },
      {
        onSuccess: (made) => {
          toast("ok", words.started);
          void navigate(`/runs/${made.id}`);
        },
        onError: ({ message }) => {
          // The sheet shows its own.
          if (payload === undefined) toast("bad", message);
        },
      },
    );
  };
  return (
    <>
      {delivery.bodyKept && (
        <Button
          icon="play"
          variant={isReady ? "primary" : "secondary"}
          isPending={release.isPending && !isMending}
          onPress={() => {
            run();
          }}
        >
          {words.runAsIs}
        </Button>
      )}
      <Button
        icon="pencil"
        variant={isReady ? "secondary" : "primary"}
        onPress={() => {
          release.reset();
          setIsMending(true);
        }}
      >
        {delivery.bodyKept ? words.mend : words.write}
      </Button>
      {isMending && (
        <PayloadSheet
          title={words.editTitle}
          lead={words.editLead}
          initial={
            isReady && "value" in parsed ? JSON.stringify(parsed.value, null, 2) : (body ?? "{}")
          }
          workflowId={workflowId}
          error={release.error}
          isPending={release.isPending}
          onRun={run}
          onClose={() => {
            setIsMending(false);
          }}
        />
      )}
    </>
  );
}
