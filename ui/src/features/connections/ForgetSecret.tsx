import { useState } from "react";
import type { Secret } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Note } from "../../components/Notes";
import { toast } from "../../components/toast";
import { connections as words } from "../../i18n/en";
import { list } from "../../i18n/format";

/** Forgets a secret's value, after saying who still asks for it. */
export function ForgetSecret({ secret: { name, usedBy } }: { secret: Secret }) {
  const [isOpen, setIsOpen] = useState(false);
  const set = useWrite("secret_set");
  return (
    <>
      <Button
        variant="quiet"
        aria-label={words.secrets.forgetNamed(name)}
        onPress={() => {
          setIsOpen(true);
        }}
      >
        {words.secrets.forget}
      </Button>
      <ConfirmDialog
        title={words.secrets.forgetTitle(name)}
        confirm={words.secrets.forget}
        danger
        isOpen={isOpen}
        isPending={set.isPending}
        onClose={() => {
          setIsOpen(false);
        }}
        onConfirm={() => {
          set.mutate(
            { name },
            {
              onSuccess: () => {
                setIsOpen(false);
                toast("ok", words.secrets.forgotten(name));
              },
            },
          );
        }}
      >
        <div className="stack">
          {usedBy.length > 0 && <Note tone="warn">{words.secrets.stillUsed(list(usedBy))}</Note>}
          <p>{words.secrets.forgetText}</p>
          {set.error && <ErrorNote error={set.error} />}
        </div>
      </ConfirmDialog>
    </>
  );
}
