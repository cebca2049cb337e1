import { useRead } from "../api/queries";
import { Pill } from "../components/Pill";
import { common } from "../i18n/en";

const looks = {
  sandbox: { tone: "idle", icon: "sandbox" },
  test: { tone: "busy", icon: "connections" },
  live: { tone: "warn", icon: "hand" },
} as const;

/** Where a workflow writes, always told in name, word and colour. */
export function ConnectionPill({ name }: { name: string }) {
  const { data } = useRead("connection_list", {});
  const kind = data?.connections.find((one) => one.name === name)?.kind;
  if (kind === undefined) return <Pill>{name}</Pill>;
  return <Pill {...looks[kind]}>{kind === "sandbox" ? name : common.connection[kind](name)}</Pill>;
}
