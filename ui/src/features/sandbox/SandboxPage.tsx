import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function SandboxPage() {
  return (
    <Page>
      <PageHeader title={shell.nav.sandbox} />
    </Page>
  );
}
