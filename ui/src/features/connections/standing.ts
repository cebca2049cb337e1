import type { Connection } from "../../api/bindings";

export type Standing = "testFailed" | "trouble" | "sandbox" | "noPassword" | "unasked" | "ready";

/** How a connection is doing; `failed`: the one whose last test failed. Only one that has answered is ready. */
export function standingOf(connection: Connection, failed: string | undefined): Standing {
  const { name, trouble, passwordTrouble, sandbox, hasPassword, hasAnswered } = connection;
  if (name === failed) return "testFailed";
  if (trouble != null || passwordTrouble !== undefined) return "trouble";
  if (sandbox) return "sandbox";
  if (!hasPassword) return "noPassword";
  return hasAnswered ? "ready" : "unasked";
}

/** Names of the connections that somebody has to see to, and of those of which nobody knows yet. */
export function outstanding(connections: Connection[], failed: string | undefined) {
  const named = (...standings: Standing[]) =>
    connections
      .filter((connection) => standings.includes(standingOf(connection, failed)))
      .map(({ name }) => name);
  return { troubled: named("testFailed", "trouble", "noPassword"), unasked: named("unasked") };
}
