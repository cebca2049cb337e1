import { useEffect, useRef } from "react";
import type { Problem } from "../../../api/bindings";
import { useRead } from "../../../api/queries";
import { workflows as words } from "../../../i18n/en";
import type { WorkflowFile } from "../../../workflow/file";
import type { PlacedProblem } from "./EditorContext";
import { placeOf } from "./places";
import { useSettled } from "./useSettled";

/** What to look at in the draft. `fetchedAt`: when the site was asked last, since its answer is part of it. */
export function useProblems(
  id: string | undefined,
  file: WorkflowFile,
  fetchedAt: string | undefined,
): { problems: PlacedProblem[]; checking: boolean } {
  const settled = useSettled(file, 350);
  const unproven = useUnproven(id, file);
  const { data, isPlaceholderData, refetch } = useRead(
    "workflow_check",
    { file: settled, ...(id !== undefined && { id }) },
    { keep: true },
  );
  const judgedBy = useRef(fetchedAt);
  useEffect(() => {
    if (fetchedAt === judgedBy.current) return;
    judgedBy.current = fetchedAt;
    void refetch();
  }, [fetchedAt, refetch]);
  if (!data) return { problems: [], checking: true };
  const fault = data.fault && {
    ...placeOf(settled, data.fault.path),
    message: faultWords(settled, data.fault),
    blocks: true,
  };
  const found = placed(settled, data.problems);
  const isTold = found.some(({ step, field }) => step === "trigger" && field === "secret");
  return {
    problems: [...(fault ? [fault] : []), ...(isTold ? [] : unproven), ...found],
    checking: isPlaceholderData || settled !== file,
  };
}

/** Problems as the server tells them, with the step and the field they are about. */
export function placed(file: WorkflowFile, problems: Problem[]): PlacedProblem[] {
  return problems.map(({ path, actionId, field, message }) => {
    const place = placeOf(file, path);
    const shown = field ?? place.field;
    return {
      step: actionId ?? place.step,
      ...(shown !== undefined && { field: shown }),
      message,
      blocks: false,
    };
  });
}

/** A sender that is to prove itself, and a keyring that has lost what to compare its proof with. */
function useUnproven(id: string | undefined, { trigger }: WorkflowFile): PlacedProblem[] {
  const asks = id !== undefined && trigger.authentication !== undefined;
  const { data } = useRead("workflow_secret", { id: id ?? "" }, { enabled: asks });
  if (!asks || data?.isSet !== false) return [];
  return [{ step: "trigger", field: "secret", message: words.noSecret, blocks: false }];
}

/** The place is shown beside the words, so it need not be in them. */
function faultWords(file: WorkflowFile, { path, message }: { path: string; message: string }) {
  if (path === "/name" && file.name.trim() === "") return words.nameMissing;
  const known = words.faults[placeOf(file, path).field ?? ""];
  if (known !== undefined) return known;
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}
