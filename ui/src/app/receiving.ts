import type { Commands } from "../api/bindings";
import type { Live } from "./live";

type Stands = Commands["standing"]["response"];

export type Receiving = Live | "refusing" | "paused" | "idle";

/** Nothing says "live" while no workflow takes its deliveries and writes them. */
export function receiving(
  live: Live,
  stands: Pick<Stands, "taking" | "paused" | "refusing"> | undefined,
): Receiving {
  if (live !== "live" || !stands || stands.taking > 0) return live;
  if (stands.refusing > 0) return "refusing";
  return stands.paused > 0 ? "paused" : "idle";
}
