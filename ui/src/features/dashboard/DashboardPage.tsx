import type { WorkflowSummary } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Absent } from "../../components/Absent";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { EmptyState } from "../../components/Notes";
import { RelativeTime } from "../../components/RelativeTime";
import { dashboard as words } from "../../i18n/en";
import { DeliveriesChart } from "./DeliveriesChart";
import styles from "./Dashboard.module.css";
import { headline, inOrder, waitedFor } from "./headline";
import { NeedsALook } from "./NeedsALook";
import { Notices, WayOn } from "./Notices";
import { Troubles } from "./Troubles";
import { useRefused } from "./useRefused";
import { WorkflowCard } from "./WorkflowCard";

export function DashboardPage() {
  const { data, error, refetch } = useRead("workflow_list", {});
  const connections = useRead("connection_list", {}).data?.connections;
  const isRefusing = useRead("app_info", {}).data?.notReceiving !== undefined;
  if (!data) return <Absent error={error} onRetry={() => void refetch()} />;
  const waited = waitedFor(data.workflows, connections ?? []);
  const refuses = isRefusing || data.workflows.some(({ refusing }) => refusing !== undefined);
  return (
    <Page>
      <PageHeader
        title={isRefusing ? words.refusing : headline(data.workflows, waited)}
        lead={<Lead workflows={data.workflows} isWell={!refuses && waited.length === 0} />}
        actions={
          <LinkButton href="/workflows/new" variant="primary" icon="plus">
            {words.newWorkflow}
          </LinkButton>
        }
      />
      <Troubles />
      {data.workflows.length === 0 ? <Nothing /> : <Everything workflows={data.workflows} />}
      <WayOn />
      <Notices />
    </Page>
  );
}

function Lead({ workflows, isWell }: { workflows: WorkflowSummary[]; isWell: boolean }) {
  const groups = useRead("failure_groups", {}).data?.groups;
  const refused = useRefused()?.groups;
  if (workflows.length === 0) return words.noneLead;
  const last = lastDelivery(workflows);
  const toLookAt = groups?.reduce((sum, { count }) => sum + count, 0);
  const turnedAway = refused?.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      {toLookAt !== undefined &&
        (toLookAt > 0 || (isWell && turnedAway === 0)) &&
        words.needLook(toLookAt)}{" "}
      {turnedAway !== undefined && turnedAway > 0 && words.turnedAway(turnedAway)}{" "}
      {last === undefined ? (
        words.nothingYet
      ) : (
        <>
          {words.lastDelivery} <RelativeTime at={last} />
        </>
      )}
    </>
  );
}

function lastDelivery(workflows: WorkflowSummary[]): string | undefined {
  return workflows
    .flatMap(({ lastReceivedAt }) => lastReceivedAt ?? [])
    .sort()
    .at(-1);
}

function Everything({ workflows }: { workflows: WorkflowSummary[] }) {
  const [first, second, ...rest] = inOrder(workflows);
  const nothingCame = lastDelivery(workflows) === undefined;
  return (
    <div className={styles.grid}>
      {nothingCame && (
        <div className={styles.wide}>
          <Card>
            <EmptyState
              icon="sender"
              title={words.firstTitle}
              link={{ href: "/welcome", text: words.sendTest, primary: true }}
            >
              {words.first}
            </EmptyState>
          </Card>
        </div>
      )}
      {first && (
        <div className={styles.wide}>
          <WorkflowCard workflow={first} />
        </div>
      )}
      <div className={second ? styles.left : styles.wide}>
        <DeliveriesChart />
      </div>
      {second && <WorkflowCard workflow={second} />}
      <div className={styles.wide}>
        <NeedsALook />
      </div>
      {rest.length > 0 && (
        <section className={styles.more} aria-label={words.moreWorkflows}>
          {rest.map((workflow) => (
            <WorkflowCard key={workflow.id} workflow={workflow} />
          ))}
        </section>
      )}
    </div>
  );
}

function Nothing() {
  return (
    <Card>
      <EmptyState
        icon="workflows"
        title={words.emptyTitle}
        link={{ href: "/welcome", text: words.tour, primary: true }}
      >
        {words.empty}
      </EmptyState>
    </Card>
  );
}
