import { useState } from "react";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote, Note } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { settings as words } from "../../i18n/en";
import { formatBytes } from "../../i18n/format";
import styles from "./Settings.module.css";

export function BackupCard() {
  const { data: info } = useRead("app_info", {});
  const [typed, setTyped] = useState<string>();
  const backup = useWrite("backup");
  const path = typed ?? (info ? suggested(info.dataDir, new Date()) : "");
  return (
    <Card title={words.backup}>
      <form
        className={styles.backup}
        onSubmit={(event) => {
          event.preventDefault();
          backup.mutate({ path: path.trim() });
        }}
      >
        <p className="muted">{words.backupNote}</p>
        <TextField
          label={words.backupPath}
          description={words.backupPathNote}
          value={path}
          onChange={setTyped}
          mono
        />
        <div>
          <Button type="submit" isPending={backup.isPending} isDisabled={path.trim() === ""}>
            {words.backupNow}
          </Button>
        </div>
        {backup.error && <ErrorNote error={backup.error} />}
        {backup.data && (
          <Note tone="ok">
            {words.backupDone(backup.data.path, formatBytes(backup.data.bytes))}
          </Note>
        )}
      </form>
    </Card>
  );
}

/** Beside the data, named by day and time, in the way of the computer it is on. */
function suggested(dataDir: string, now: Date): string {
  const slash = dataDir.includes("\\") ? "\\" : "/";
  const stamp = now.toISOString().slice(0, 16).replace(/[:T]/g, "-");
  return `${dataDir.replace(/[\\/]$/, "")}${slash}backup-${stamp}.db`;
}
