import { useState } from "react";
import type { Secret } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { DataTable, type Column } from "../../components/DataTable";
import { grid } from "../../components/grid";
import { ErrorNote, Note } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { Waiting } from "../../components/Waiting";
import { connections as words } from "../../i18n/en";
import { list } from "../../i18n/format";
import { RetryConnections } from "../../workflow/RetryConnections";
import styles from "./Connections.module.css";
import { ForgetSecret } from "./ForgetSecret";

type Row = Secret & { id: string };

const columns: Column<Row>[] = [
  {
    id: "name",
    title: words.secrets.name,
    width: "30%",
    isRowHeader: true,
    cell: ({ name }) => <code>{`secret.${name}`}</code>,
  },
  {
    id: "state",
    title: words.secrets.state,
    width: grid(30),
    cell: ({ isSet }) =>
      isSet ? (
        <Pill tone="ok" icon="check">
          {words.secrets.isSet}
        </Pill>
      ) : (
        <Pill tone="warn" icon="hand">
          {words.secrets.isMissing}
        </Pill>
      ),
  },
  {
    id: "use",
    title: words.secrets.usedBy,
    cell: ({ usedBy }) =>
      usedBy.length === 0 ? (
        <span className="faint">{words.secrets.unused}</span>
      ) : (
        <span title={list(usedBy)}>{list(usedBy)}</span>
      ),
  },
  {
    id: "forget",
    title: words.secrets.forget,
    width: grid(24),
    cell: (secret) => secret.isSet && <ForgetSecret secret={secret} />,
  },
];

/** Secrets for HTTP requests: which there are and who asks for them. They are written only, never shown. */
export function SecretsCard() {
  const { data, error, refetch } = useRead("secret_list", {});
  return (
    <>
      <Card
        title={words.secrets.title}
        aside={<span className="faint">{words.secrets.note}</span>}
        flush
      >
        {data ? (
          <DataTable
            label={words.secrets.title}
            columns={columns}
            rows={data.secrets.map((secret) => ({ ...secret, id: secret.name }))}
            empty={<p className={styles.none}>{words.secrets.none}</p>}
          />
        ) : (
          <div className={styles.padded}>
            {error?.code === "secrets" ? (
              <Note tone="warn" title={words.secrets.locked} actions={<RetryConnections />}>
                {error.message}
              </Note>
            ) : (
              <Waiting error={error} onRetry={() => void refetch()} lines={2} />
            )}
          </div>
        )}
      </Card>
      <SetSecret />
    </>
  );
}

function SetSecret() {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const set = useWrite("secret_set");
  const isName = /^\w+$/.test(name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isName || value === "") return;
        set.mutate(
          { name, value },
          {
            onSuccess: () => {
              setName("");
              setValue("");
              toast("ok", words.secrets.kept(name));
            },
          },
        );
      }}
    >
      <Card title={words.secrets.set}>
        <div className={styles.fields}>
          <TextField
            label={words.secrets.name}
            description={words.secrets.nameNote}
            value={name}
            onChange={setName}
            error={name === "" || isName ? undefined : words.secrets.nameWrong}
            mono
          />
          <TextField
            label={words.secrets.value}
            description={words.secrets.valueNote}
            value={value}
            onChange={setValue}
            type="password"
            autoComplete="new-password"
          />
        </div>
        {set.error && (
          <div className={styles.gap}>
            <ErrorNote error={set.error} />
          </div>
        )}
        <div className={styles.buttons}>
          <Button
            type="submit"
            variant="primary"
            isPending={set.isPending}
            isDisabled={!isName || value === ""}
          >
            {words.secrets.keep}
          </Button>
        </div>
      </Card>
    </form>
  );
}
