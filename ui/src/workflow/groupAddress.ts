import type { GroupFilter } from "../api/bindings";

/** The list of exactly the runs of a group of failures. */
export function groupAddress({ status, errorCode, notRerun, workflowId, from, to }: GroupFilter) {
  const params = new URLSearchParams({
    status,
    ...(errorCode !== undefined && { cause: errorCode }),
    ...(notRerun && { last: "yes" }),
    ...(workflowId !== undefined && { workflow: workflowId }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  return `/runs?${params.toString()}`;
}
