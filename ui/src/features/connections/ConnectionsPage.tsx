import { useSearchParams } from "react-router";
import type { Connection } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { Note } from "../../components/Notes";
import { Waiting } from "../../components/Waiting";
import { connections as words } from "../../i18n/en";
import { RetryConnections } from "../../workflow/RetryConnections";
import { ConnectionForm } from "./ConnectionForm";
import { ConnectionList } from "./ConnectionList";
import styles from "./Connections.module.css";
import { DeleteConnection } from "./DeleteConnection";
import { MetadataCard } from "./MetadataCard";
import { SecretsCard } from "./SecretsCard";
import { outstanding } from "./standing";
import { TestCard, type Test } from "./TestCard";

export function ConnectionsPage() {
  const { data, error, refetch } = useRead("connection_list", {});
  const test = useWrite("connection_test");
  const failed = test.data?.ok === false ? test.variables?.name : undefined;
  return (
    <Page>
      <PageHeader
        title={
          data
            ? words.title(data.connections.length, outstanding(data.connections, failed))
            : words.loading
        }
        lead={words.lead}
        actions={
          <LinkButton href="/connections?add=1" variant="primary" icon="plus">
            {words.add}
          </LinkButton>
        }
      />
      {data ? (
        <Chosen connections={data.connections} test={test} failed={failed} />
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} lines={5} card />
      )}
    </Page>
  );
}

function Chosen({
  connections,
  test,
  failed,
}: {
  connections: Connection[];
  test: Test;
  /** The one whose last test failed. */
  failed: string | undefined;
}) {
  const [params, setParams] = useSearchParams();
  const adding = params.has("add");
  const isSecrets = params.has("secrets");
  const wanted = params.get("name") ?? connections[0]?.name;
  const chosen = adding || isSecrets ? undefined : connections.find(({ name }) => name === wanted);
  const show = (name: string) => {
    setParams({ name });
  };
  return (
    <div className={styles.columns}>
      <ConnectionList
        connections={connections}
        chosen={chosen?.name}
        failed={failed}
        isSecrets={isSecrets}
      />
      <div className="stack">
        {adding && (
          <ConnectionForm
            taken={connections.map(({ name }) => name)}
            onSaved={(name) => {
              show(name);
              test.mutate({ name });
            }}
            onCancel={() => {
              setParams({});
            }}
          />
        )}
        {isSecrets && <SecretsCard />}
        {chosen && (
          <Site
            key={chosen.name}
            connection={chosen}
            test={test}
            onDeleted={() => {
              setParams({});
            }}
          />
        )}
      </div>
    </div>
  );
}

/** Everything about one connection. */
function Site({
  connection,
  test,
  onDeleted,
}: {
  connection: Connection;
  test: Test;
  onDeleted: () => void;
}) {
  const { name, sandbox, baseUrl } = connection;
  return (
    <>
      <Warnings connection={connection} />
      {sandbox ? (
        <Card title={name}>
          <p className="muted">{words.sandboxNote}</p>
          <p className="mono">{baseUrl}</p>
        </Card>
      ) : (
        <ConnectionForm
          connection={connection}
          taken={[]}
          onSaved={() => {
            test.mutate({ name });
          }}
        />
      )}
      <TestCard name={name} test={test} />
      <MetadataCard name={name} />
      {!sandbox && <DeleteConnection name={name} onDeleted={onDeleted} />}
    </>
  );
}

function Warnings({ connection }: { connection: Connection }) {
  const { trouble, passwordTrouble, warnings } = connection;
  return (
    <>
      {passwordTrouble !== undefined ? (
        <Note
          title={words.passwordLocked}
          actions={<RetryConnections variant="primary" />}
          detail={passwordTrouble}
        >
          {words.passwordLockedLead}
        </Note>
      ) : (
        trouble !== undefined && <Note title={trouble} actions={<RetryConnections />} />
      )}
      {warnings.map((warning) => (
        <Note key={warning} tone="warn">
          {warning}
        </Note>
      ))}
    </>
  );
}
