import { useState } from "react";
import { useRead } from "../../../api/queries";
import { Button, LinkButton } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { ErrorNote, Skeleton } from "../../../components/Notes";
import { workflows as words } from "../../../i18n/en";
import styles from "../editor/properties/Form.module.css";
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
          <div className={styles.url}>
            <code>{data.url}</code>
            <CopyButton text={data.url} label={words.copyUrl} iconOnly />
          </div>
          {data.localUrl !== data.url && (
            <div className={styles.url}>
              <span className="faint">{words.localUrl}</span>
              <code>{data.localUrl}</code>
              <CopyButton text={data.localUrl} label={words.copyLocalUrl} iconOnly />
            </div>
          )}
        </>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={1} />
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
