import type { WorkflowSummary } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { StatusBadge } from "../../components/Pill";
import { UrlLine } from "../../components/UrlLine";
import { welcome as words } from "../../i18n/en";
import { checkInWorkflow } from "../../workflow/samples";
import styles from "./Welcome.module.css";

/** Where the event app will send, or how to get there. */
export function Endpoint({ workflow }: { workflow: WorkflowSummary | undefined }) {
  const make = useWrite("workflow_import");
  const activate = useWrite("workflow_set_status");
  if (!workflow) {
    return (
      <div className={styles.stack}>
        <p className={styles.text}>{words.none}</p>
        <Button
          variant="primary"
          isPending={make.isPending}
          onPress={() => {
            make.mutate({ file: checkInWorkflow(words.checkInName), activate: true });
          }}
        >
          {words.make}
        </Button>
        {make.error && <ErrorNote error={make.error} />}
      </div>
    );
  }
  if (workflow.status !== "active") {
    return (
      <div className={styles.stack}>
        <p className={styles.text}>
          {workflow.name}. {words.inactive}
        </p>
        <Button
          variant="primary"
          icon="play"
          isPending={activate.isPending}
          onPress={() => {
            activate.mutate({ id: workflow.id, status: "active" });
          }}
        >
          {words.activate}
        </Button>
        {activate.error && <ErrorNote error={activate.error} />}
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      <div className="row">
        <b>{workflow.name}</b>
        <StatusBadge status={workflow.status} />
      </div>
      <Url id={workflow.id} />
    </div>
  );
}

function Url({ id }: { id: string }) {
  const { data, error, refetch } = useRead("workflow_url", { id });
  if (!data) {
    return error ? (
      <ErrorNote error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={1} />
    );
  }
  return (
    <div className={styles.stack}>
      <p className={styles.text}>{words.ready}</p>
      <UrlLine url={data.url} copy={words.copy} />
    </div>
  );
}
