import { useSyncExternalStore } from "react";
import { isWindow } from "../../api/call";
import { useRead } from "../../api/queries";
import { Card, Page, PageHeader } from "../../components/Card";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { Segmented } from "../../components/Segments";
import { settings as words } from "../../i18n/en";
import { setTheme, subscribeTheme, theme } from "../../styles/theme";
import { AuditCard } from "./AuditCard";
import { BackupCard } from "./BackupCard";
import { ComputerCard } from "./ComputerCard";
import { DatabaseCard } from "./DatabaseCard";
import { EraseCard } from "./EraseCard";
import { RestoreCard } from "./RestoreCard";
import { SecretsCard } from "./SecretsCard";
import styles from "./Settings.module.css";
import { SettingsForm } from "./SettingsForm";

export function SettingsPage() {
  const { data, error, refetch } = useRead("settings_get", {});
  return (
    <Page>
      <PageHeader title={words.title} lead={words.lead} />
      <div className={styles.cards}>
        <ThemeCard />
        {data ? (
          <>
            {isWindow() && <ComputerCard settings={data.settings} />}
            <SettingsForm settings={data.settings} unread={data.faults} />
          </>
        ) : error ? (
          <ErrorNote error={error} onRetry={() => void refetch()} />
        ) : (
          <Card title={words.receiving}>
            <Skeleton lines={4} />
          </Card>
        )}
        <SecretsCard />
        <DatabaseCard />
        <BackupCard />
        <RestoreCard />
        <EraseCard />
        <AboutCard />
        <AuditCard />
      </div>
    </Page>
  );
}

function ThemeCard() {
  const chosen = useSyncExternalStore(subscribeTheme, theme);
  return (
    <Card title={words.look}>
      <Segmented
        label={words.theme}
        value={chosen}
        onChange={setTheme}
        options={[
          { id: "system", label: words.themes.system },
          { id: "light", label: words.themes.light },
          { id: "dark", label: words.themes.dark },
        ]}
      />
    </Card>
  );
}

function AboutCard() {
  const { data } = useRead("app_info", {});
  if (!data) return null;
  const facts: [string, string | undefined][] = [
    [words.version, data.version],
    [words.hooks, data.hooks],
    [words.sandbox, data.sandbox],
    [words.dataDir, data.dataDir],
  ];
  return (
    <Card title={words.about}>
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value == null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
                <CopyButton text={value} iconOnly />
              </dd>
            </div>
          ),
        )}
      </dl>
    </Card>
  );
}
