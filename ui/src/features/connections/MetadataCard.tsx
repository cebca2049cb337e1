import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { RelativeTime } from "../../components/RelativeTime";
import { toast } from "../../components/toast";
import { Waiting } from "../../components/Waiting";
import { connections as words } from "../../i18n/en";
import { list } from "../../i18n/format";
import styles from "./Connections.module.css";

/** Activity types and panels, as the site last said. */
export function MetadataCard({ name }: { name: string }) {
  const client = useQueryClient();
  const { data, error, refetch } = useRead("connection_metadata", { name });
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    try {
      const fresh = await call("connection_metadata", { name, refresh: true });
      client.setQueryData(["connection_metadata", { name }], fresh);
    } catch (cause) {
      toast("bad", asApiError(cause).message);
    }
    setAsking(false);
  };
  return (
    <Card
      title={words.has}
      actions={
        <Button isPending={asking} onPress={() => void ask()}>
          {words.refresh}
        </Button>
      }
    >
      <p className="muted">{words.hasNote}</p>
      {data ? (
        <div className={styles.has}>
          <p>
            <b>{words.activityTypes(data.activityTypes.length)}</b>{" "}
            <span className="muted">{short(data.activityTypes.map(({ code }) => code))}</span>
          </p>
          <p>
            <b>{words.panels(data.panels.length)}</b>{" "}
            <span className="muted">{short(data.panels.map((panel) => panel.name))}</span>
          </p>
          <p className="faint">
            {words.fetched} <RelativeTime at={data.fetchedAt} />
          </p>
        </div>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={2} />
      )}
    </Card>
  );
}

function short(names: string[]): string {
  return names.length <= 12 ? list(names) : `${names.slice(0, 12).join(", ")} …`;
}
