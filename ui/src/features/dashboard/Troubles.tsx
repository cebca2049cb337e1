import type { Connection, Refusing, WorkflowSummary } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Note } from "../../components/Notes";
import { dashboard as words } from "../../i18n/en";
import { list } from "../../i18n/format";
import { RetryConnections } from "../../workflow/RetryConnections";
import styles from "./Dashboard.module.css";

/** What keeps deliveries out or runs waiting, with the click that mends it. Nothing when all is well. */
export function Troubles() {
  const refused = useRead("app_info", {}).data?.notReceiving;
  const connections = useRead("connection_list", {}).data?.connections ?? [];
  const locked = connections.filter(({ passwordTrouble }) => passwordTrouble !== undefined);
  const troubled = connections.filter(
    (one): one is Connection & { trouble: string } =>
      one.trouble !== undefined && !locked.includes(one),
  );
  const workflows = useRead("workflow_list", {}).data?.workflows ?? [];
  const refusing = workflows.filter(
    (one): one is WorkflowSummary & { refusing: Refusing } => one.refusing !== undefined,
  );
  if (refused === undefined && refusing.length + locked.length + troubled.length === 0) return null;
  return (
    <div className={styles.notices}>
      {refused !== undefined && (
        <Note
          tone="bad"
          title={words.refused}
          actions={<LinkButton href="/settings">{words.openSettings}</LinkButton>}
        >
          {refused}
        </Note>
      )}
      {refusing.map(({ id, name, refusing: why }) => (
        <Note
          key={id}
          tone="bad"
          title={words.refuses(name)}
          actions={
            <>
              <LinkButton href={`/workflows/${id}?step=trigger`}>{words.openWorkflow}</LinkButton>
              {why.kind === "secret" && <RetryConnections />}
            </>
          }
        >
          {words.whyRefuses(why)}
        </Note>
      ))}
      {locked.length > 0 && (
        <Note
          tone="warn"
          title={words.locked(list(locked.map(({ name }) => name)))}
          detail={locked[0]?.passwordTrouble}
          actions={<RetryConnections variant="primary" />}
        >
          {words.lockedLead}
        </Note>
      )}
      {troubled.map(({ name, trouble }) => (
        <Note
          key={name}
          tone="warn"
          title={words.waits(name)}
          actions={
            <>
              <LinkButton href={`/connections?name=${encodeURIComponent(name)}`}>
                {words.seeConnection}
              </LinkButton>
              <RetryConnections />
            </>
          }
        >
          {trouble}
        </Note>
      ))}
    </div>
  );
}
