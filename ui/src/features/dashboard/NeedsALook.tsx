import type { Commands } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { RelativeTime } from "../../components/RelativeTime";
import { statusLooks } from "../../components/status";
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
          {error ? (
            <ErrorNote error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={2} />
          )}
        </div>
      )}
    </Card>
  );
}

function GroupRow({ group }: { group: Group }) {
  const { cause, count, example, owner, status } = group;
  const { tone, icon } = statusLooks[status];
  return (
    <li className={styles.group}>
      <span className={styles.count}>
        <Pill tone={tone} icon={icon}>
          {formatNumber(count)} <span className="visuallyHidden">{common.status[status]}</span>
        </Pill>
      </span>
      <div className="grow">
        <b className={styles.cause}>{cause}</b>
        <div className="muted">
          {example !== "" && `${example.replace(/\.$/, "")} · `}
          {words.mends(owner)}
        </div>
      </div>
      <span className={styles.pills}>
        <LinkButton
          variant="quiet"
          href={groupAddress(group.filter)}
          aria-label={words.seeRunsOf(cause)}
        >
          {words.seeRuns}
        </LinkButton>
        <OneAction group={group} />
      </span>
    </li>
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
    <li className={styles.group}>
      <span className={styles.count}>
        <Pill tone="warn" icon="shield">
          {formatNumber(count)} <span className="visuallyHidden">{words.refusedCount}</span>
        </Pill>
      </span>
      <div className="grow">
        <b className={styles.cause}>{words.refusedWith(workflowName, status)}</b>
        <div className="muted">
          {`${reason.replace(/\.$/, "")} · `}
          {words.refusedLast} <RelativeTime at={lastAt} />
        </div>
      </div>
      <span className={styles.pills}>
        <LinkButton
          variant="quiet"
          href={`/runs?view=refused&answer=${status}&workflow=${workflowId}`}
          aria-label={words.seeRefusedOf(workflowName, status)}
        >
          {words.seeRefused}
        </LinkButton>
      </span>
    </li>
  );
}
