import { useSearchParams } from "react-router";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState } from "../../components/Notes";
import { Segments } from "../../components/Segments";
import { sandbox as words } from "../../i18n/en";
import { Faults } from "./Faults";
import { Finder } from "./Finder";
import { MemberView } from "./MemberView";
import styles from "./Sandbox.module.css";

const views = [
  { id: "members", label: words.members },
  { id: "faults", label: words.faults },
] as const;
type View = (typeof views)[number]["id"];

export function SandboxPage() {
  const [params, setParams] = useSearchParams();
  const info = useRead("app_info", {});
  const view: View = params.get("view") === "faults" ? "faults" : "members";
  const member = params.get("member");
  const open = (id: string) => {
    setParams({ member: id });
  };
  return (
    <Page>
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          <Segments<View>
            label={words.view}
            options={views}
            value={view}
            onChange={(next) => {
              setParams(next === "faults" ? { view: next } : {});
            }}
          />
        }
      />
      {info.data && info.data.sandbox == null ? (
        <Card>
          <EmptyState icon="sandbox" title={words.off}>
            {words.offLead}
          </EmptyState>
        </Card>
      ) : view === "faults" ? (
        <Faults />
      ) : (
        <div className={styles.columns}>
          <Finder selected={member ?? undefined} onOpen={open} />
          {member === null ? (
            <Card>
              <EmptyState
                icon="sandbox"
                title={words.pick}
                action={
                  <Button
                    onPress={() => {
                      open("12345");
                    }}
                  >
                    {words.openTutorial}
                  </Button>
                }
              >
                {words.pickLead}
              </EmptyState>
            </Card>
          ) : (
            <MemberView key={member} id={member} />
          )}
        </div>
      )}
    </Page>
  );
}
