import { Page, PageHeader } from "../../components/Card";
import { shell } from "../../i18n/en";

export function WelcomePage() {
  return (
    <Page>
      <PageHeader title={shell.nav.dashboard} />
    </Page>
  );
}
