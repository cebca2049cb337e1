import type { ReactNode } from "react";
import type { Commands } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card } from "../../components/Card";
import { Icon, type IconName } from "../../components/Icon";
import { Pill } from "../../components/Pill";
import { RelativeTime } from "../../components/RelativeTime";
import { statusLooks, type Tone } from "../../components/status";
import { Waiting } from "../../components/Waiting";
import { common, dashboard as words } from "../../i18n/en";
import { formatNumber } from "../../i18n/format";
import { groupAddress } from "../../workflow/groupAddress";
import { useRefused } from "./useRefused";
import styles from "./Dashboard.module.css";

type Group = Commands["failure_groups"]["response"]["groups"][number];

/** Failures by cause, and refused requests: how many, who can mend it, one way on. */
export function NeedsALook() {
  const { data, error, refetch } = useRead("failure_groups", {});
  const refused = useRefused()?.groups ?? [];
  const isAny = refused.length > 0 || (data !== undefined && data.groups.length > 0);
  return (
    <Card title={words.look} aside={isAny && <span className="faint">{words.lookNote}</span>} flush>
      {data ? (
        isAny ? (
          <ul>
            {data.groups.map((group) => (
              <GroupRow key={`${group.code} ${group.status} ${group.cause}`} group={group} />
            ))}
            {refused.map((group) => (
              <RefusedRow key={`${group.workflowId} ${group.status}`} group={group} />
            ))}
          </ul>
        ) : (
          <p className={styles.done}>
            <Icon name="check" /> {words.lookNone}
          </p>
        )
      ) : (
        <div className={styles.padded}>
          {<Waiting error={error} onRetry={() => void refetch()} lines={2} />}
        </div>
      )}
    </Card>
  );
}

function GroupRow({ group }: { group: Group }) {
  const { cause, count, example, owner, status } = group;
  return (
    <Row
      look={statusLooks[status]}
      count={count}
      counted={common.status[status]}
      title={cause}
      actions={
        <>
          <LinkButton
            variant="quiet"
            href={groupAddress(group.filter)}
            aria-label={words.seeRunsOf(cause)}
          >
            {words.seeRuns}
          </LinkButton>
          <OneAction group={group} />
        </>
      }
    >
      {example !== "" && `${example.replace(/\.$/, "")} · `}
      {words.mends(owner)}
    </Row>
  );
}

/** The likeliest thing to do about a cause. */
function OneAction({ group }: { group: Group }) {
  const { cause, owner, lastRunId, status } = group;
  if (owner === "computer") {
    return <LinkButton href="/connections">{words.seeConnections}</LinkButton>;
  }
  const label =
    status === "held"
      ? words.decide
      : status === "inDoubt"
        ? words.lookAt
        : status === "rejected"
          ? words.mendAndRun
          : words.openLast;
  return (
    <LinkButton href={`/runs/${lastRunId}`} aria-label={words.actOn(label, cause)}>
      {label}
    </LinkButton>
  );
}

/** Requests that made no run: what the sender is to do otherwise stands in the reason. */
function RefusedRow({
  group,
}: {
  group: Commands["delivery_groups"]["response"]["groups"][number];
}) {
  const { workflowId, workflowName, status, count, lastAt, reason } = group;
  return (
    <Row
      look={{ tone: "warn", icon: "shield" }}
      count={count}
      counted={words.refusedCount}
      title={words.refusedWith(workflowName, status)}
      actions={
        <LinkButton
          variant="quiet"
          href={`/runs?view=refused&answer=${status}&workflow=${workflowId}`}
          aria-label={words.seeRefusedOf(workflowName, status)}
        >
          {words.seeRefused}
        </LinkButton>
      }
    >
      {`${reason.replace(/\.$/, "")} · `}
      {words.refusedLast} <RelativeTime at={lastAt} />
    </Row>
  );
}

function Row({
  look,
  count,
  counted,
  title,
  actions,
  children,
}: {
  look: { tone: Tone; icon: IconName };
  count: number;
  /** What there are so many of, for who does not see the look. */
  counted: string;
  title: string;
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={styles.group}>
      <span className={styles.count}>
        <Pill {...look}>
          {formatNumber(count)} <span className="visuallyHidden">{counted}</span>
        </Pill>
      </span>
      <div className="grow">
        <b className={styles.cause}>{title}</b>
        <div className="muted">{children}</div>
      </div>
      <span className={styles.pills}>{actions}</span>
    </li>
  );
}
