import type { Request } from "../../../api/call";
import { deliveries as words } from "../../../i18n/en";

/** What the address says of the list of refused requests. */
export type Filter = { answer: string; workflow: string; after: string };

/** In the list of runs' own address: `?view=refused&answer=401&workflow=…`. */
export function readFilter(params: URLSearchParams): Filter {
  const answer = params.get("answer") ?? "";
  return {
    answer: words.answers.map(String).includes(answer) ? answer : "",
    workflow: params.get("workflow") ?? "",
    after: params.get("after") ?? "",
  };
}

export function writeFilter(filter: Filter): URLSearchParams {
  const params = new URLSearchParams({ view: "refused" });
  for (const [name, value] of Object.entries(filter)) if (value !== "") params.set(name, value);
  return params;
}

/** The same filter for what is done to all that it finds. */
export function asMany({ answer, workflow }: Filter) {
  return {
    ...(answer !== "" && { status: Number(answer) }),
    ...(workflow !== "" && { workflowId: workflow }),
  };
}

export function asRequest({ answer, workflow, after }: Filter): Request<"delivery_list"> {
  return {
    limit: 100,
    ...asMany({ answer, workflow, after }),
    ...(after !== "" && { after }),
  };
}

export function isFiltered({ answer, workflow }: Filter): boolean {
  return answer !== "" || workflow !== "";
}
