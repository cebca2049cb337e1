import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Run } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Absent } from "../../components/Absent";
import { Link } from "../../components/Button";
import { Page, PageHeader } from "../../components/Card";
import { Pill, StatusBadge } from "../../components/Pill";
import { RelativeTime } from "../../components/RelativeTime";
import { runs as words } from "../../i18n/en";
import { formatDuration, formatWhen } from "../../i18n/format";
import { asFile, asObject } from "../../workflow/file";
import { memberName } from "../../workflow/memberName";
import { isFinal, type Around, type Detail } from "./around";
import { EditAndRerun } from "./EditAndRerun";
import { heading } from "./heading";
import { plannedActions, unreached } from "./plan";
import { RunActions } from "./RunActions";
import { Timeline } from "./Timeline";
import styles from "./Run.module.css";

export function RunPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useRead("run_get", { id });
  if (data) return <Shown key={id} detail={data} />;
  return (
    <Absent
      error={error}
      onRetry={() => void refetch()}
      gone={{
        icon: "runs",
        title: words.gone,
        link: { href: "/runs", text: words.all },
      }}
    />
  );
}

function Shown({ detail }: { detail: Detail }) {
  const { run, steps, payload } = detail;
  // The version the run used: what was planned but not reached is told from it.
  const workflow = useRead("workflow_get", { id: run.workflowId, version: run.version });
  const planned = plannedActions(workflow.data?.file);
  const file = workflow.data && asFile(workflow.data.file);
  const [edited, setEdited] = useState<{ payload: unknown }>();
  const navigate = useNavigate();
  const member = file && memberName(file);
  const canRepeat = isFinal(run) && payload != null;
  const around: Around = {
    run,
    payload,
    connection: file?.connection,
    ...(canRepeat && {
      onEdit: () => {
        setEdited({ payload });
      },
    }),
    ...(canRepeat &&
      member !== undefined && {
        onMember: (id) => {
          setEdited({ payload: { ...asObject(payload), [member]: id } });
        },
      }),
  };
  return (
    <Page>
      <PageHeader
        title={heading(run, steps, planned.length, {
          missed: unreached(planned, steps).length,
          isPaused: workflow.data?.workflow.status === "paused",
        })}
        lead={<Lead detail={detail} />}
        actions={
          <RunActions detail={detail} connection={file?.connection} onEdit={around.onEdit} />
        }
      />
      <Timeline detail={detail} planned={planned} around={around} />
      {edited && (
        <EditAndRerun
          run={run}
          payload={edited.payload}
          onClose={() => {
            setEdited(undefined);
          }}
          onDone={(id) => {
            setEdited(undefined);
            void navigate(`/runs/${id}`);
          }}
        />
      )}
    </Page>
  );
}

function Lead({ detail: { run, metadata, reruns } }: { detail: Detail }) {
  const remote = remoteIp(metadata);
  const last = reruns.at(-1);
  return (
    <div className={styles.lead}>
      <StatusBadge status={run.status} />
      <span>
        <Link href={`/workflows/${run.workflowId}`}>{run.workflowName}</Link>{" "}
        {words.version(run.version)}
      </span>
      <span>
        {words.received} {formatWhen(run.receivedAt)}
        {remote !== undefined && ` ${words.from} ${remote}`}
      </span>
      {typeof run.durationMs === "number" && (
        <span>{words.took(formatDuration(run.durationMs))}</span>
      )}
      <NextTry run={run} />
      {run.erasedAt !== undefined && (
        <Pill tone="warn" icon="minus">
          {words.erased(formatWhen(run.erasedAt))}
        </Pill>
      )}
      {run.rerunOf != null && <Link href={`/runs/${run.rerunOf}`}>{words.repeats}</Link>}
      {last !== undefined && (
        <span>
          {words.repeatedBy(reruns.length)} <Link href={`/runs/${last}`}>{words.thisRun}</Link>
        </span>
      )}
    </div>
  );
}

function NextTry({ run: { status, waitingUntil } }: { run: Run }) {
  if (waitingUntil == null) return null;
  return (
    <span>
      {status === "inDoubt" ? words.nextLook : words.nextTry} <RelativeTime at={waitingUntil} />
    </span>
  );
}

function remoteIp(metadata: unknown): string | undefined {
  const ip = (metadata as { remoteIp?: unknown } | null | undefined)?.remoteIp;
  return typeof ip === "string" ? ip : undefined;
}
