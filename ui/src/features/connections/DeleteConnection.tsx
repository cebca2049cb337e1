import { useState } from "react";
import { useRead, useWrite } from "../../api/queries";
import { Button, Link } from "../../components/Button";
import { Card } from "../../components/Card";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/Notes";
import { toast } from "../../components/toast";
import { connections as words } from "../../i18n/en";

/** Removes a connection and its password. What still writes there is said before. */
export function DeleteConnection({ name, onDeleted }: { name: string; onDeleted: () => void }) {
  const { data } = useRead("workflow_list", {});
  const [isOpen, setIsOpen] = useState(false);
  const remove = useWrite("connection_delete");
  const users = data?.workflows.filter(({ connection }) => connection === name) ?? [];
  return (
    <Card
      title={words.delete.title}
      actions={
        <Button
          variant="danger"
          isDisabled={!data || users.length > 0}
          onPress={() => {
            remove.reset();
            setIsOpen(true);
          }}
        >
          {words.delete.button}
        </Button>
      }
    >
      {users.length > 0 ? (
        <>
          <p className="muted">{words.delete.inUse(users.length)}</p>
          <ul>
            {users.map((workflow) => (
              <li key={workflow.id}>
                <Link href={`/workflows/${workflow.id}`}>{workflow.name}</Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="muted">{words.delete.unused}</p>
      )}
      <ConfirmDialog
        title={words.delete.ask(name)}
        confirm={words.delete.confirm}
        danger
        isOpen={isOpen}
        isPending={remove.isPending}
        onClose={() => {
          setIsOpen(false);
        }}
        onConfirm={() => {
          remove.mutate(
            { name },
            {
              onSuccess: () => {
                toast("ok", words.delete.done(name));
                onDeleted();
              },
            },
          );
        }}
      >
        <div className="stack">
          <p>{words.delete.text}</p>
          {remove.error && <ErrorNote error={remove.error} />}
        </div>
      </ConfirmDialog>
    </Card>
  );
}
