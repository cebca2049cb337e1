import { useState } from "react";
import type { DatabaseCopy } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote, Note } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { settings as words } from "../../i18n/en";
import { formatBytes, formatWhen } from "../../i18n/format";
import { RestoreDialog } from "./RestoreDialog";
import styles from "./Settings.module.css";

/** Puts a backup in the place of the database: looked into first, then asked about. */
export function RestoreCard() {
  const copies = useRead("database_health", {}, { always: true }).data?.copies ?? [];
  const [path, setPath] = useState("");
  const [isRestarting, setIsRestarting] = useState(false);
  const look = useWrite("restore");
  const lookInto = (wanted: string) => {
    setIsRestarting(false);
    look.mutate({ path: wanted, check: true });
  };
  return (
    <Card title={words.restore.title}>
      <form
        className={styles.backup}
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== "") lookInto(path.trim());
        }}
      >
        <p className="muted">{words.restore.note}</p>
        <TextField
          label={words.restore.path}
          description={words.restore.pathNote}
          value={path}
          onChange={setPath}
          mono
        />
        <div>
          <Button type="submit" isPending={look.isPending} isDisabled={path.trim() === ""}>
            {words.restore.look}
          </Button>
        </div>
        {copies.length > 0 && <Copies copies={copies} onLook={lookInto} />}
        {look.error && <ErrorNote error={look.error} />}
        {isRestarting && <Note tone="busy">{words.restore.restarting}</Note>}
      </form>
      {look.data && (
        <RestoreDialog
          found={look.data}
          onClose={look.reset}
          onRestarting={() => {
            look.reset();
            setIsRestarting(true);
          }}
        />
      )}
    </Card>
  );
}

/** Copies that iHook made by itself, beside the database. */
function Copies({ copies, onLook }: { copies: DatabaseCopy[]; onLook: (path: string) => void }) {
  return (
    <section aria-label={words.restore.copies}>
      <h3>{words.restore.copies}</h3>
      <ul className={styles.copies}>
        {copies.map(({ path, kind, bytes, at }) => (
          <li key={path}>
            <div className="grow">
              <span>{words.restore.kinds[kind](formatWhen(at))}</span>{" "}
              <span className="faint">{formatBytes(bytes)}</span>
              <code className={styles.path}>{path}</code>
            </div>
            <Button
              aria-label={words.restore.lookNamed(path)}
              onPress={() => {
                onLook(path);
              }}
            >
              {words.restore.look}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
