import type { Run } from "../../api/bindings";
import { call, type Request } from "../../api/call";

/** A spreadsheet takes no more lines. */
export const mostRows = 1_000_000;
const page = 500;

/** Every run that a filter finds, newest first, page by page; says how many it has until it is told to stop. */
export async function collect(
  request: Request<"run_list">,
  tell: (count: number) => void,
  stop: AbortSignal,
): Promise<Run[]> {
  const runs: Run[] = [];
  let after: string | undefined;
  do {
    const answer = await call("run_list", {
      ...request,
      limit: page,
      ...(after !== undefined && { after }),
    });
    runs.push(...answer.runs);
    after = answer.next;
    tell(runs.length);
    stop.throwIfAborted();
  } while (after !== undefined && runs.length < mostRows);
  return runs;
}
