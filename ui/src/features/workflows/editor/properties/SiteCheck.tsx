import { useRead } from "../../../../api/queries";
import { Button } from "../../../../components/Button";
import { ErrorNote, Note, Skeleton } from "../../../../components/Notes";
import { workflows as words } from "../../../../i18n/en";
import { list } from "../../../../i18n/format";
import { allActions, text, type WorkflowFile } from "../../../../workflow/file";
import { useDraft, useOpened, useSelection } from "../EditorContext";
import { ProblemList } from "../Problems";
import { placed } from "../useProblems";
import { useSettled } from "../useSettled";
import { wants } from "./wants";

/**
 * Whether what the workflow writes is there, on the site it is about to write to. The site itself is asked, so that
 * nothing is missed that was taken away since; a fault of the file is told by the list of problems.
 */
export function SiteCheck({ onProblem }: { onProblem?: () => void }) {
  const { id } = useOpened();
  const { file } = useDraft();
  const { select } = useSelection();
  const settled = useSettled(essence(file), 500);
  const { connection } = settled;
  const { data, error, isFetching, refetch } = useRead(
    "workflow_check",
    { file: settled, connection, refresh: true, ...(id !== undefined && { id }) },
    { keep: (before) => before.connection === connection },
  );
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <div>
        <p className="muted">{words.askingSite(connection)}</p>
        <Skeleton lines={2} />
      </div>
    );
  }
  const needed = wants(settled);
  const again = (
    <Button isPending={isFetching} onPress={() => void refetch()}>
      {words.askAgain}
    </Button>
  );
  const found = placed(settled, data.problems).filter(
    ({ step }) =>
      step === "workflow" ||
      allActions(settled.actions).some(({ id, type }) => id === step && type.startsWith("insert")),
  );
  if (data.fault) return <Note tone="idle">{words.siteAfterFault}</Note>;
  if (found.length === 0) {
    return (
      <Note tone="ok" title={words.siteFits(connection)}>
        {needed.length > 0 && list(needed)}
      </Note>
    );
  }
  return (
    <Note tone="warn" title={words.siteLacks(connection, found.length)} actions={again}>
      <ProblemList
        problems={found}
        onPick={({ step, field }) => {
          onProblem?.();
          select(step, field ?? "");
        }}
      />
    </Note>
  );
}

/** Without what no site cares about, so that typing a description asks nobody. */
function essence(file: WorkflowFile): WorkflowFile {
  const { scenarios: _samples, description: _words, ...rest } = file;
  return { ...rest, name: text(file, "name") === "" ? "" : "-" };
}
