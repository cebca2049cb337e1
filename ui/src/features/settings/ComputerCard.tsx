import type { Settings } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Card } from "../../components/Card";
import { Switch } from "../../components/Switch";
import { toast } from "../../components/toast";
import { settings as words } from "../../i18n/en";
import styles from "./Settings.module.css";

/** What the program's own window does on this computer; there is nothing of it in a browser. */
export function ComputerCard({ settings }: { settings: Settings }) {
  const save = useWrite("settings_save");
  const change = (part: Partial<Settings>) => {
    save.mutate(
      { settings: part },
      {
        onError: (error) => {
          toast("bad", error.message);
        },
      },
    );
  };
  return (
    <Card title={words.computer}>
      <div className={styles.switches}>
        <Switch
          value={settings.closeToTray}
          onChange={(closeToTray) => {
            change({ closeToTray });
          }}
          description={words.closeToTrayNote}
        >
          {words.closeToTray}
        </Switch>
        <Switch
          value={settings.startAtLogin}
          onChange={(startAtLogin) => {
            change({ startAtLogin });
          }}
          description={words.startAtLoginNote}
        >
          {words.startAtLogin}
        </Switch>
      </div>
    </Card>
  );
}
