import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function DashboardPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.dashboard} />
    </Page>
  );
}
