import type { Commands, WorkflowSummary } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Segmented } from "../../components/Segments";
import { sender as words } from "../../i18n/en";

export type Via = NonNullable<Commands["sender_send"]["request"]["via"]>;

/** Straight to this computer, or the way that senders come; nothing to choose without a public address. */
export function WayPicker({ value, onChange }: { value: Via; onChange: (via: Via) => void }) {
  const hasPublic = useRead("app_info", {}).data?.publicBaseUrl != null;
  if (!hasPublic) return <p className="muted">{words.way.onlyLocal}</p>;
  return (
    <Segmented
      label={words.way.label}
      value={value}
      onChange={onChange}
      options={[
        { id: "local", label: words.way.local },
        { id: "public", label: words.way.public },
      ]}
    />
  );
}

/** Whether the workflow writes to a site where records count. Unknown counts as yes. */
export function useIsLive({ connection }: WorkflowSummary): boolean {
  const { data } = useRead("connection_list", {});
  const found = data?.connections.find(({ name }) => name === connection);
  return found === undefined ? connection !== "sandbox" : found.kind === "live";
}
