import { useState } from "react";
import type { Run } from "../../../../api/bindings";
import { useRead } from "../../../../api/queries";
import type { WorkflowFile } from "../../../../workflow/file";
import { capturedSamples, fileSamples } from "./samples";

const lastDeliveries = 50;

/** Payloads to try with: those of the last deliveries, and those that the file keeps. */
export function useSamples(id: string | undefined, file: WorkflowFile) {
  const [chosen, chooseSample] = useState<string>();
  const request = { ...(id !== undefined && { workflowId: id }), limit: lastDeliveries };
  const runs = useRead("run_list", request, { enabled: id !== undefined }).data?.runs ?? [];
  // A delivery in the midst of the work must not pull the sample away from under it.
  const [first, setFirst] = useState<string>();
  const own = fileSamples(file);
  const best = usable(runs) ?? own[0]?.id ?? (runs[0] && `run:${runs[0].id}`);
  if (first === undefined && best !== undefined) setFirst(best);
  const wanted = chosen ?? first;
  const runId = wanted?.startsWith("run:") === true ? wanted.slice(4) : undefined;
  const run = useRead("run_get", { id: runId ?? "" }, { enabled: runId !== undefined }).data;
  const samples = [
    ...own,
    ...capturedSamples(runs, (of) => (of === runId ? run?.payload : undefined)),
  ];
  const sample = samples.find((each) => each.id === wanted) ?? own[0];
  const outputs = new Map(
    sample?.id === `run:${runId}`
      ? run?.steps.flatMap(({ actionId, result }) =>
          result === null || result === undefined ? [] : [[actionId, result] as const],
        )
      : [],
  );
  return { samples, sample, chooseSample, outputs };
}

/** The newest delivery that was not refused: real data that fits the workflow. */
function usable(runs: Run[]): string | undefined {
  const found = runs.find(({ status }) => status !== "rejected");
  return found && `run:${found.id}`;
}
