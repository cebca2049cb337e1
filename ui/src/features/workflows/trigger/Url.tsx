import { useState } from "react";
import { useRead } from "../../../api/queries";
import { Button, LinkButton } from "../../../components/Button";
import { UrlLine } from "../../../components/UrlLine";
import { Waiting } from "../../../components/Waiting";
import { workflows as words } from "../../../i18n/en";
import { useOpened } from "../editor/EditorContext";
import { RegenerateDialog } from "./RegenerateDialog";

/** Where senders reach the workflow. */
export function Url({ id }: { id: string }) {
  const { detail } = useOpened();
  const { data, error, refetch } = useRead("workflow_url", { id });
  const [regenerating, setRegenerating] = useState(false);
  const status = detail?.workflow.status;
  return (
    <section className="stack" aria-label={words.url}>
      <div>
        <h3>{words.url}</h3>
        <p className="muted">{words.urlHint}</p>
      </div>
      {data ? (
        <>
          <UrlLine url={data.url} copy={words.copyUrl} iconOnly />
          {data.localUrl !== data.url && (
            <UrlLine
              before={words.localUrl}
              url={data.localUrl}
              copy={words.copyLocalUrl}
              iconOnly
            />
          )}
        </>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={1} />
      )}
      {status !== undefined && status !== "active" && (
        <p className="muted">{words.urlStates[status]}</p>
      )}
      <div className="row">
        <Button
          icon="rerun"
          onPress={() => {
            setRegenerating(true);
          }}
        >
          {words.regenerate}
        </Button>
        <LinkButton href={`/sender?workflow=${id}`} variant="quiet" icon="sender">
          {words.test}
        </LinkButton>
      </div>
      <RegenerateDialog
        id={id}
        isOpen={regenerating}
        onClose={() => {
          setRegenerating(false);
        }}
      />
    </section>
  );
}
