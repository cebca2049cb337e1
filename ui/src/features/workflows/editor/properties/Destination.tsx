import { useRead } from "../../../../api/queries";
import { workflows as words } from "../../../../i18n/en";
import { asFile } from "../../../../workflow/file";
import { ConnectionPill } from "../../../../workflow/ConnectionPill";
import styles from "./Form.module.css";
import { useDraft, useOpened } from "../EditorContext";
import { SiteCheck } from "./SiteCheck";

/** Where the workflow writes, and, before it does so on another site or on a real one, whether it can. */
export function Destination({
  onProblem,
  brief = false,
}: {
  /** Called when a problem is gone to. */
  onProblem?: () => void;
  /** Nothing where the sandbox stays what it is. */
  brief?: boolean;
}) {
  const { file } = useDraft();
  const from = usePublishedConnection();
  const known = useRead("connection_list", {}).data?.connections;
  const moves = from !== undefined && from !== file.connection;
  const isReal = known?.find(({ name }) => name === file.connection)?.kind !== "sandbox";
  const needsLook = known !== undefined && (moves || isReal);
  if (brief && !needsLook) return null;
  return (
    <div className="stack">
      <p className={styles.writes}>
        {words.writesTo} <ConnectionPill name={file.connection} />
        {moves && (
          <>
            {words.insteadOf} <ConnectionPill name={from} />
          </>
        )}
      </p>
      {needsLook && <SiteCheck {...(onProblem && { onProblem })} />}
    </div>
  );
}

/** Where the version that runs now writes; undefined while there is none. */
function usePublishedConnection(): string | undefined {
  const { id = "", detail } = useOpened();
  const version = detail?.workflow.version ?? 0;
  const { data } = useRead("workflow_get", { id, version }, { enabled: version > 0 });
  return data && asFile(data.file).connection;
}
