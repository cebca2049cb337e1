import type { Commands } from "./bindings";
import { http } from "./http";
import type { Transport } from "./transport";

export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]["request"];
export type Response<C extends CommandName> = Commands[C]["response"];

/** Whether this is the program's own window, not a browser. */
export function isWindow(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

let chosen: Promise<Transport> | undefined;

/** The desktop's own channel where there is one, else HTTP. */
export function transport(): Promise<Transport> {
  chosen ??= isWindow() ? import("./tauri").then(({ tauri }) => tauri) : Promise.resolve(http);
  return chosen;
}

/** Rejects with an `ApiError`. */
export async function call<C extends CommandName>(
  command: C,
  request: Request<C>,
): Promise<Response<C>> {
  const host = await transport();
  return (await host.send(command, request)) as Response<C>;
}
