import { useRead, useWrite } from "../../api/queries";
import { Button, LinkButton } from "../../components/Button";
import { Note } from "../../components/Notes";
import { toast } from "../../components/toast";
import { dashboard as words } from "../../i18n/en";
import styles from "./Dashboard.module.css";

/** The way on, as long as nothing but the sandbox is connected. */
export function WayOn() {
  const connections = useRead("connection_list", {}).data?.connections;
  if (connections === undefined || connections.some(({ kind }) => kind !== "sandbox")) return null;
  return (
    <div className={styles.later}>
      <Note
        tone="idle"
        title={words.wayOn}
        actions={<LinkButton href="/guide">{words.toGuide}</LinkButton>}
      >
        {words.wayOnLead}
      </Note>
    </div>
  );
}

/** What the program itself wants to say and can wait until the rest was read; what cannot is a trouble. */
export function Notices() {
  const info = useRead("app_info", {}).data;
  const notices = info?.notices.filter((notice) => notice !== info.notReceiving) ?? [];
  const clockAhead = info?.clockAhead;
  if (notices.length === 0) return null;
  return (
    <div className={styles.later}>
      {notices.map((notice) => (
        <Note
          key={notice}
          tone={notice === clockAhead ? "warn" : "idle"}
          actions={notice === clockAhead ? <ConfirmClock /> : undefined}
        >
          {notice}
        </Note>
      ))}
    </div>
  );
}

/** Says that the computer's date is right, so that what is old is removed again. */
function ConfirmClock() {
  const confirm = useWrite("clock_confirm");
  return (
    <Button
      isPending={confirm.isPending}
      onPress={() => {
        confirm.mutate(
          {},
          {
            onError: ({ message }) => {
              toast("bad", message);
            },
          },
        );
      }}
    >
      {words.confirmClock}
    </Button>
  );
}
