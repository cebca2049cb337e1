import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function SettingsPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.settings} />
    </Page>
  );
}
