import type { Query, QueryClient } from "@tanstack/react-query";
import type { AppEvent } from "./bindings";
import type { CommandName } from "./call";

/** A notice is for people and makes nothing stale; `all` stands for every topic there is. */
export type Topic = Exclude<AppEvent["topic"], "notice" | "all">;

/** Which reads a topic makes stale. Query keys are `[command, request]`. */
const reads: Record<Topic, CommandName[]> = {
  runs: [
    "run_list",
    "run_get",
    // Only ever read as a preview.
    "run_rerun",
    "run_cancel_many",
    "workflow_list",
    "failure_groups",
    "stats",
    "member_get",
  ],
  deliveries: [
    "delivery_list",
    "delivery_groups",
    "delivery_get",
    // Only ever read as a preview.
    "delivery_release_many",
    "audit_list",
  ],
  workflows: [
    "workflow_list",
    "workflow_get",
    "workflow_check",
    "workflow_url",
    "workflow_secret",
    "secret_list",
    "audit_list",
    "delivery_groups",
    // Read for the counts of workflows alone.
    "standing",
  ],
  connections: ["connection_list", "connection_metadata", "audit_list"],
  settings: [
    "settings_get",
    "app_info",
    "standing",
    "database_health",
    "secret_list",
    "audit_list",
  ],
};
export const topics = Object.keys(reads) as Topic[];

/** Reads about one thing, refreshed only by events about that thing. */
const narrow = new Set<CommandName>([
  "run_get",
  "workflow_get",
  "workflow_check",
  "workflow_url",
  "workflow_secret",
]);

/** `ids` undefined: everything of that topic may have changed. */
export async function invalidate(
  client: QueryClient,
  topic: Topic,
  ids?: Set<string>,
): Promise<void> {
  const commands = new Set<unknown>(reads[topic]);
  const isConcerned = ({ queryKey: [command, request] }: Query) => {
    if (!commands.has(command)) return false;
    if (ids === undefined || !narrow.has(command as CommandName)) return true;
    const id = (request as { id?: string } | undefined)?.id;
    return id !== undefined && ids.has(id);
  };
  // A first answer that is on its way may be from before the change, and would be taken for the newest.
  const early = client
    .getQueryCache()
    .findAll({ predicate: isConcerned, fetchStatus: "fetching" })
    .filter(({ state }) => state.data === undefined);
  await client.invalidateQueries({ predicate: isConcerned });
  if (early.length > 0) {
    await client.invalidateQueries({ predicate: (query) => early.includes(query) });
  }
}
