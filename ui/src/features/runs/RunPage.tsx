import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function RunPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.runs} />
    </Page>
  );
}
