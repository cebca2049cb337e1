import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function WorkflowsPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.workflows} />
    </Page>
  );
}
