import type { Query, QueryClient } from "@tanstack/react-query";
import { reads, readsOne } from "./bindings";

/** Data that an event can make stale; `notice` is for people and makes nothing stale, `all` stands for each. */
export type Topic = keyof typeof reads;
export const topics = Object.keys(reads) as Topic[];

/** `ids` undefined: everything of that topic may have changed. */
export async function invalidate(
  client: QueryClient,
  topic: Topic,
  ids?: Set<string>,
): Promise<void> {
  const commands = new Set<unknown>(reads[topic]);
  const isConcerned = ({ queryKey: [command, request] }: Query) => {
    if (!commands.has(command)) return false;
    if (ids === undefined || !readsOne.has(command as string)) return true;
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
