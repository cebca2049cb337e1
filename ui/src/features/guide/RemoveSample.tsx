import { useState } from "react";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { toast } from "../../components/toast";
import { guide as words } from "../../i18n/en";
import styles from "./Guide.module.css";

/** Everything that was only tried goes in one click, and one more to be sure. */
export function RemoveSample() {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useWrite("sample_remove");
  return (
    <div className={styles.sample}>
      <Card
        title={words.sample.title}
        actions={
          <Button
            icon="trash"
            onPress={() => {
              setIsAsking(true);
            }}
          >
            {words.sample.button}
          </Button>
        }
      >
        <p className="muted">{words.sample.lead}</p>
      </Card>
      {isAsking && (
        <ConfirmDialog
          title={words.sample.ask}
          confirm={words.sample.button}
          danger
          isOpen
          isPending={remove.isPending}
          onClose={() => {
            setIsAsking(false);
          }}
          onConfirm={() => {
            remove.mutate(
              {},
              {
                onSuccess: ({ runs }) => {
                  setIsAsking(false);
                  toast("ok", words.sample.done(runs));
                },
              },
            );
          }}
        >
          <p>{words.sample.text}</p>
          {remove.error && <ErrorNote error={remove.error} />}
        </ConfirmDialog>
      )}
    </div>
  );
}
