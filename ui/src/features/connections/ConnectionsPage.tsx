import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function ConnectionsPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.connections} />
    </Page>
  );
}
