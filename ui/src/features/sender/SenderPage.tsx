import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function SenderPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.sender} />
    </Page>
  );
}
