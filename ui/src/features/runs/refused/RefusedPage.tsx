import { useParams } from "react-router";
import type { DeliveryDetail } from "../../../api/bindings";
import { useRead } from "../../../api/queries";
import { Absent } from "../../../components/Absent";
import { Link } from "../../../components/Button";
import { Card, Page, PageHeader } from "../../../components/Card";
import { JsonView } from "../../../components/JsonView";
import { Note } from "../../../components/Notes";
import { Pill } from "../../../components/Pill";
import { deliveries as words } from "../../../i18n/en";
import { formatBytes, formatWhen } from "../../../i18n/format";
import { asObject } from "../../../workflow/file";
import { Headers } from "../Headers";
import styles from "../Run.module.css";
import { Body } from "./Body";
import { Release } from "./Release";

/** One refused request: why, what was sent, and the way to a run all the same. */
export function RefusedPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useRead("delivery_get", { id });
  if (data) return <Shown key={id} detail={data} />;
  return (
    <Absent
      error={error}
      onRetry={() => void refetch()}
      gone={{
        icon: "shield",
        title: words.gone,
        link: { href: "/runs?view=refused", text: words.all },
      }}
    />
  );
}

function Shown({ detail }: { detail: DeliveryDetail }) {
  const { delivery, metadata } = detail;
  const { headers, ...request } = asObject(metadata);
  return (
    <Page>
      <PageHeader
        title={words.head(delivery.status, delivery.reason)}
        lead={<Lead detail={detail} />}
        actions={<Release detail={detail} />}
      />
      <div className="stack">
        {delivery.times > 1 && <Note tone="warn">{words.timesNote(delivery.times)}</Note>}
        {delivery.workflowId === undefined && <Note tone="idle">{words.noWorkflow}</Note>}
        <Card title={words.body}>
          <Body detail={detail} />
        </Card>
        {metadata != null && (
          <Card title={words.headers} aside={<span className="faint">{words.headersNote}</span>}>
            <Headers headers={asObject(headers)} />
          </Card>
        )}
        {metadata != null && (
          <Card title={words.request}>
            <JsonView value={request} />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Lead({ detail: { delivery } }: { detail: DeliveryDetail }) {
  const { workflowId, receivedAt, remoteIp, contentType, bytes, releasedRun } = delivery;
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const workflow = workflows.find(({ id }) => id === workflowId);
  return (
    <div className={styles.lead}>
      <Pill tone="bad" icon="cross">
        {words.answered(delivery.status)}
      </Pill>
      {workflow && <Link href={`/workflows/${workflow.id}`}>{workflow.name}</Link>}
      <span>
        {words.receivedAt} {formatWhen(receivedAt)} {words.fromAddress} {remoteIp}
      </span>
      {contentType !== undefined && <span>{words.typed(contentType)}</span>}
      <span>{formatBytes(bytes)}</span>
      {releasedRun !== undefined && (
        <span>
          {words.wasReleased} <Link href={`/runs/${releasedRun}`}>{words.thisRun}</Link>
        </span>
      )}
      <Link href="/runs?view=refused">{words.all}</Link>
    </div>
  );
}
