import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { WorkflowSummary } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button, Link, LinkButton } from "../../components/Button";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Menu } from "../../components/Menu";
import { Pill, StatusBadge } from "../../components/Pill";
import { RelativeTime } from "../../components/RelativeTime";
import { toast } from "../../components/toast";
import { dashboard as words } from "../../i18n/en";
import { formatDuration, formatNumber } from "../../i18n/format";
import { ConnectionPill } from "../../workflow/ConnectionPill";
import { RefusingPill } from "../../workflow/RefusingPill";
import { RunBars } from "./RunBars";
import styles from "./Dashboard.module.css";

export function WorkflowCard({ workflow }: { workflow: WorkflowSummary }) {
  const { id, name, status, connection, version, latestVersion, problems } = workflow;
  return (
    <Card
      title={name}
      aside={
        <span className={styles.pills}>
          <StatusBadge status={status} />
          <RefusingPill workflow={workflow} />
          <ConnectionPill name={connection} />
          {version > 0 && latestVersion > version && (
            <Pill tone="busy" icon="pencil">
              {words.unpublished}
            </Pill>
          )}
          {problems > 0 && (
            <Pill tone="warn" icon="hand">
              {words.problems(problems)}
            </Pill>
          )}
        </span>
      }
      actions={
        <>
          {status === "active" && (
            <LinkButton
              href={`/sender?workflow=${id}`}
              variant="quiet"
              aria-label={words.testNamed(name)}
            >
              {words.test}
            </LinkButton>
          )}
          <LinkButton href={`/workflows/${id}`} aria-label={words.openNamed(name)}>
            {words.open}
          </LinkButton>
          <More workflow={workflow} />
        </>
      }
    >
      <RunBars name={name} runs={workflow.lastRuns} />
      <Facts workflow={workflow} />
      {(status === "paused" || status === "draft") && <Resume workflow={workflow} />}
    </Card>
  );
}

/** What is seldom done with a workflow from here. */
function More({ workflow: { id, name, status } }: { workflow: WorkflowSummary }) {
  const navigate = useNavigate();
  const change = useWrite("workflow_set_status");
  return (
    <Menu
      label={words.moreOf(name)}
      entries={[
        {
          id: "runs",
          label: words.runsOf,
          onAction: () => void navigate(`/runs?workflow=${id}`),
        },
        {
          id: "handoff",
          label: words.handoff,
          onAction: () => void navigate(`/workflows/${id}/handoff`),
        },
        {
          id: "pause",
          label: words.pause,
          isDisabled: status !== "active",
          onAction: () => {
            change.mutate(
              { id, status: "paused" },
              {
                onError: (error) => {
                  toast("bad", error.message);
                },
              },
            );
          },
        },
      ]}
    />
  );
}

function Facts({ workflow }: { workflow: WorkflowSummary }) {
  const { id, today, queued, status, lastReceivedAt } = workflow;
  const runs = (filter: string) => `/runs?workflow=${id}&status=${filter}`;
  return (
    <ul className={styles.facts}>
      <Fact count={today.succeeded}>{words.succeeded}</Fact>
      {today.failed > 0 && (
        <Fact count={today.failed} href={runs("failed")} tone="bad">
          {words.failed}
        </Fact>
      )}
      {today.rejected > 0 && (
        <Fact count={today.rejected} href={runs("rejected")} tone="bad">
          {words.rejected}
        </Fact>
      )}
      <Fact count={queued} {...(status === "paused" && queued > 0 && { tone: "warn" })}>
        {status === "paused" && queued > 0 ? words.heldUntilResumed : words.waiting}
      </Fact>
      {lastReceivedAt !== undefined && (
        <li>
          {words.last}{" "}
          <b>
            <RelativeTime at={lastReceivedAt} />
          </b>
        </li>
      )}
      <Health connection={workflow.connection} />
    </ul>
  );
}

/** How the site is that this workflow writes to. */
function Health({ connection }: { connection: string }) {
  // No event tells how fast a site answers: it is asked for now and then.
  const { data } = useRead("connection_list", {}, { every: 10_000 });
  const site = data?.connections.find(({ name }) => name === connection);
  if (site?.trouble != null) {
    return (
      <li className={styles.bad}>
        <Icon name="cross" size={12} />
        <Link href={`/connections?name=${encodeURIComponent(connection)}`}>{connection}</Link>{" "}
        {words.inTrouble}
      </li>
    );
  }
  if (site?.answeredInMs == null) return null;
  return (
    <li>
      {connection} {words.answersIn} <b>{formatDuration(site.answeredInMs)}</b>
    </li>
  );
}

function Fact({
  count,
  href,
  tone,
  children,
}: {
  count: number;
  href?: string;
  tone?: "bad" | "warn";
  children: ReactNode;
}) {
  const text = (
    <>
      {tone === "bad" && <Icon name="cross" size={12} />}
      {children} <b>{formatNumber(count)}</b>
    </>
  );
  return (
    <li className={tone && styles[tone]}>
      {href === undefined ? text : <Link href={href}>{text}</Link>}
    </li>
  );
}

function Resume({ workflow: { id, status, queued, version } }: { workflow: WorkflowSummary }) {
  const change = useWrite("workflow_set_status");
  if (status === "draft" && version === 0) return null;
  const label =
    status === "draft" ? words.activate : queued > 0 ? words.resumeAndRun(queued) : words.resume;
  return (
    <Button
      icon="play"
      isPending={change.isPending}
      onPress={() => {
        change.mutate(
          { id, status: "active" },
          {
            onError: (error) => {
              toast("bad", error.message);
            },
          },
        );
      }}
    >
      {label}
    </Button>
  );
}
