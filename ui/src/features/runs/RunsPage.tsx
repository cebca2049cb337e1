import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function RunsPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.runs} />
    </Page>
  );
}
