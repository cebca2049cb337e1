import { useState } from "react";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Note, Skeleton } from "../../components/Notes";
import { toast } from "../../components/toast";
import { settings } from "../../i18n/en";
import styles from "./Settings.module.css";

const words = settings.secrets;

/** Where secrets are kept, and moving all of them elsewhere. */
export function SecretsCard() {
  const { data, error, refetch } = useRead("secrets_kept", {}, { always: true });
  const [isAsked, setIsAsked] = useState(false);
  const move = useWrite("secrets_move");
  if (!data) {
    return (
      <Card title={words.title}>
        {error ? (
          <ErrorNote error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={2} />
        )}
      </Card>
    );
  }
  const to = data.place === "file" ? "keyring" : "file";
  const close = () => {
    setIsAsked(false);
    move.reset();
  };
  return (
    <Card title={words.title}>
      <div className="stack">
        <p className="muted">{words.lead}</p>
        <dl className={styles.facts}>
          <div>
            <dt>{words.kept}</dt>
            <dd>{words.places[data.place]}</dd>
          </div>
        </dl>
        {data.notice !== undefined && <p>{data.notice}</p>}
        {data.cannotMove !== undefined && <Note tone="idle">{data.cannotMove}</Note>}
        <div>
          <Button
            isDisabled={data.cannotMove !== undefined}
            onPress={() => {
              setIsAsked(true);
            }}
          >
            {words.move[to]}
          </Button>
        </div>
      </div>
      <ConfirmDialog
        title={words.ask[to]}
        confirm={words.move[to]}
        isOpen={isAsked}
        isPending={move.isPending}
        onClose={close}
        onConfirm={() => {
          move.mutate(
            { to },
            {
              onSuccess: ({ kept, count, left }) => {
                close();
                toast("ok", words.moved(count, words.places[kept.place]));
                if (left > 0) toast("bad", words.left(left));
              },
            },
          );
        }}
      >
        <div className="stack">
          <p>{words.text[to]}</p>
          {move.error && <ErrorNote error={move.error} />}
        </div>
      </ConfirmDialog>
    </Card>
  );
}
