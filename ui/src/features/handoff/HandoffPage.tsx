import { useParams } from "react-router";
import { useRead } from "../../api/queries";
import { Absent } from "../../components/Absent";
import { Button, LinkButton } from "../../components/Button";
import { Page, PageHeader } from "../../components/Card";
import { CopyButton } from "../../components/CopyButton";
import { Note } from "../../components/Notes";
import { download } from "../../download";
import { handoff as words } from "../../i18n/en";
import { asFile } from "../../workflow/file";
import { markHandedOver } from "../../workflow/handedOver";
import { asHtml } from "./asHtml";
import { asMarkdown } from "./asMarkdown";
import { SheetView } from "./SheetView";
import { sheetOf } from "./sheet";
import styles from "./Handoff.module.css";

/** One page for the vendor's developer: everything to send check-ins, and nothing secret but the address. */
export function HandoffPage() {
  const { id = "" } = useParams();
  const workflow = useRead("workflow_get", { id });
  const url = useRead("workflow_url", { id });
  const settings = useRead("settings_get", {});
  const error = workflow.error ?? url.error ?? settings.error;
  if (!workflow.data || !url.data || !settings.data) {
    return (
      <Absent
        error={error}
        onRetry={() => {
          for (const each of [workflow, url, settings]) void each.refetch();
        }}
        gone={{
          icon: "workflows",
          title: words.gone,
          link: { href: "/workflows", text: words.toWorkflows },
        }}
      />
    );
  }
  const sheet = sheetOf(asFile(workflow.data.file), url.data.url, settings.data.settings);
  const name = words.file(sheet.title);
  return (
    <Page>
      <div className={styles.screenOnly}>
        <PageHeader
          title={words.title}
          lead={words.lead(sheet.title)}
          actions={
            <>
              <CopyButton
                label={words.copyMarkdown}
                text={() => {
                  markHandedOver();
                  return Promise.resolve(asMarkdown(sheet));
                }}
                variant="secondary"
              />
              <Button
                onPress={() => {
                  markHandedOver();
                  download(`${name}.html`, "text/html", asHtml(sheet));
                }}
              >
                {words.saveHtml}
              </Button>
              <Button
                onPress={() => {
                  markHandedOver();
                  download(`${name}.md`, "text/markdown", asMarkdown(sheet));
                }}
              >
                {words.saveMarkdown}
              </Button>
              <Button
                variant="primary"
                onPress={() => {
                  markHandedOver();
                  window.print();
                }}
              >
                {words.print}
              </Button>
            </>
          }
        />
        {settings.data.settings.publicBaseUrl == null && (
          <div className={styles.warning}>
            <Note
              tone="warn"
              title={words.localOnly}
              actions={<LinkButton href="/settings">{words.toSettings}</LinkButton>}
            >
              {words.localOnlyLead}
            </Note>
          </div>
        )}
      </div>
      <SheetView sheet={sheet} />
    </Page>
  );
}
