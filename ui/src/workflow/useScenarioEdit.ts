import { useState } from "react";
import { call } from "../api/call";
import { asApiError, type ApiError } from "../api/errors";
import { useWrite } from "../api/queries";
import { asFile, type WorkflowFile } from "./file";

type Kept = NonNullable<WorkflowFile["scenarios"]>;

/**
 * Changes the scenarios that a workflow's file keeps. They change nothing that the endpoint does: where the
 * latest version is published, the one with the new scenarios is too; unpublished changes stay unpublished.
 */
export function useScenarioEdit(id: string) {
  const save = useWrite("workflow_save");
  const [error, setError] = useState<ApiError>();
  const [isPending, setIsPending] = useState(false);
  const edit = async (change: (kept: Kept) => Kept): Promise<boolean> => {
    setIsPending(true);
    setError(undefined);
    try {
      const { workflow, file } = await call("workflow_get", { id });
      const { version, latestVersion } = workflow;
      const edited = { ...asFile(file), scenarios: change(asFile(file).scenarios ?? []) };
      await save.mutateAsync({
        id,
        file: edited,
        base: latestVersion,
        publish: version === latestVersion,
      });
      return true;
    } catch (cause) {
      setError(asApiError(cause));
      return false;
    } finally {
      setIsPending(false);
    }
  };
  return { edit, error, isPending };
}

/** Adds one; another of the same name is replaced, at its place. */
export function withScenario(kept: Kept, scenario: Kept[number]): Kept {
  const at = kept.findIndex(({ name }) => name === scenario.name);
  return at < 0 ? [...kept, scenario] : kept.with(at, scenario);
}
