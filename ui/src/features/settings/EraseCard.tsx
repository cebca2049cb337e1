import { useState } from "react";
import type { Commands } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button, Link } from "../../components/Button";
import { Card } from "../../components/Card";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorNote, Note } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { settings as words } from "../../i18n/en";
import { list } from "../../i18n/format";
import styles from "./Settings.module.css";

type Erased = Commands["member_erase"]["response"];

/** Erases what was received of one person: counted first, then asked about. */
export function EraseCard() {
  const [value, setValue] = useState("");
  const [found, setFound] = useState<Erased>();
  const look = useWrite("member_erase");
  const erase = useWrite("member_erase");
  const wanted = value.trim();
  return (
    <Card title={words.erase.title}>
      <form
        className={styles.backup}
        onSubmit={(event) => {
          event.preventDefault();
          look.mutate({ value: wanted, preview: true }, { onSuccess: setFound });
        }}
      >
        <p className="muted">{words.erase.lead}</p>
        <TextField
          label={words.erase.value}
          description={words.erase.valueNote}
          value={value}
          onChange={setValue}
        />
        <div>
          <Button type="submit" isPending={look.isPending} isDisabled={wanted === ""}>
            {words.erase.look}
          </Button>
        </div>
        {look.error && <ErrorNote error={look.error} />}
      </form>
      {found && (
        <ConfirmDialog
          title={words.erase.ask(wanted)}
          confirm={words.erase.confirm}
          danger
          isOpen
          isPending={erase.isPending}
          onClose={() => {
            setFound(undefined);
          }}
          onConfirm={() => {
            erase.mutate(
              { value: wanted },
              {
                onSuccess: (done) => {
                  setFound(undefined);
                  setValue("");
                  toast("ok", words.erase.done(done.runs, done.deliveries));
                },
              },
            );
          }}
        >
          <div className="stack">
            <p>
              {isNothing(found)
                ? words.erase.nothing
                : words.erase.finds(found.runs, found.deliveries)}
            </p>
            {found.testCases > 0 && <p>{words.erase.testCases(found.testCases)}</p>}
            {found.drafts > 0 && <p>{words.erase.drafts(found.drafts)}</p>}
            {found.unfinished.length > 0 && (
              <Note tone="warn">
                {words.erase.unfinished(found.unfinished.length)}{" "}
                <Link href={`/runs?status=going&search=${encodeURIComponent(wanted)}`}>
                  {words.erase.seeUnfinished}
                </Link>
              </Note>
            )}
            {found.workflows.length > 0 && (
              <Note tone="warn">{words.erase.workflows(list(found.workflows))}</Note>
            )}
            {found.copies.length > 0 && (
              <Note tone="warn">{words.erase.copies(list(found.copies))}</Note>
            )}
            <p className="muted">{words.erase.text}</p>
            {erase.error && <ErrorNote error={erase.error} />}
          </div>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function isNothing({
  runs,
  deliveries,
  unfinished,
  testCases,
  drafts,
  workflows,
}: Erased): boolean {
  return runs + deliveries + testCases + drafts + unfinished.length + workflows.length === 0;
}
