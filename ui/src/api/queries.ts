import { QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { changes } from "./bindings";
import { call, type CommandName, type Request, type Response } from "./call";
import { asApiError, starting, unauthorized, unreachable, type ApiError } from "./errors";
import { invalidate } from "./topics";

declare module "@tanstack/react-query" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into the library's own
  interface Register {
    defaultError: ApiError;
  }
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events say when something changed; a look at another window does not.
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        networkMode: "always",
        retry: (failures, error) => isPassing(asApiError(error)) && failures < 2,
        retryDelay: 400,
      },
      mutations: { networkMode: "always" },
    },
  });
}

function isPassing(error: ApiError): boolean {
  return error.code === unreachable || error.code === starting;
}

type ReadOptions<C extends CommandName> = {
  /** False: not asked yet. */
  enabled?: boolean;
  /** Keeps showing the last answer while another request's answer comes; where it depends, on what was asked. */
  keep?: boolean | ((before: Request<C>) => boolean);
  /** Asked again whenever it comes on screen, for what no event announces. */
  always?: boolean;
  /** Milliseconds between refreshes, for what no event announces. */
  every?: number;
};

function keeping(isLike: (asked: unknown) => boolean) {
  return <T>(last: T | undefined, query?: { queryKey: readonly unknown[] }) =>
    query && isLike(query.queryKey[1]) ? last : undefined;
}

/** Reads with a command and keeps the answer fresh: `useRead("run_get", { id })`. */
export function useRead<C extends CommandName>(
  command: C,
  request: Request<C>,
  { enabled = true, keep = false, always = false, every }: ReadOptions<C> = {},
) {
  return useQuery({
    queryKey: [command, request],
    queryFn: () => call(command, request),
    enabled,
    ...(keep !== false && {
      placeholderData: keeping((asked) => keep === true || keep(asked as Request<C>)),
    }),
    ...(always && { refetchOnMount: "always" as const }),
    ...(every !== undefined && { refetchInterval: every }),
  });
}

/** Changes something with a command: `const save = useWrite("workflow_save"); save.mutate({…})`. */
export function useWrite<C extends CommandName>(command: C) {
  const client = useQueryClient();
  return useMutation<Response<C>, ApiError, Request<C>>({
    mutationFn: (request) => call(command, request),
    onSettled: () => {
      for (const topic of changes[command] ?? []) void invalidate(client, topic);
    },
  });
}

/** True when the server wants another token than the one this page has. */
export function needsToken(error: ApiError | null): boolean {
  return error?.code === unauthorized;
}
