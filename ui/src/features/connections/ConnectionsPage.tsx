import { useSearchParams } from "react-router";
import type { Connection } from "../../api/bindings";
import { useRead, useWrite } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { ErrorNote, Note, Skeleton } from "../../components/Notes";
import { connections as words } from "../../i18n/en";
import { ConnectionForm } from "./ConnectionForm";
import { ConnectionList } from "./ConnectionList";
import styles from "./Connections.module.css";
import { MetadataCard } from "./MetadataCard";
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
            ? words.title(data.connections.length, troubled(data.connections, failed))
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
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Card>
          <Skeleton lines={5} />
        </Card>
      )}
    </Page>
  );
}

function troubled(connections: Connection[], failed: string | undefined): string[] {
  return connections
    .filter(({ name, trouble }) => trouble != null || name === failed)
    .map(({ name }) => name);
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
  const wanted = params.get("name") ?? connections[0]?.name;
  const chosen = adding ? undefined : connections.find(({ name }) => name === wanted);
  const show = (name: string) => {
    setParams({ name });
  };
  return (
    <div className={styles.columns}>
      <ConnectionList connections={connections} chosen={chosen?.name} failed={failed} />
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
        {chosen && (
          <>
            <Warnings connection={chosen} />
            {chosen.sandbox ? (
              <Card title={chosen.name}>
                <p className="muted">{words.sandboxNote}</p>
                <p className="mono">{chosen.baseUrl}</p>
              </Card>
            ) : (
              <ConnectionForm
                key={chosen.name}
                connection={chosen}
                taken={[]}
                onSaved={(name) => {
                  test.mutate({ name });
                }}
              />
            )}
            <TestCard name={chosen.name} test={test} />
            <MetadataCard key={chosen.name} name={chosen.name} />
          </>
        )}
      </div>
    </div>
  );
}

function Warnings({ connection: { trouble, warnings } }: { connection: Connection }) {
  return (
    <>
      {trouble != null && <Note tone="bad" title={trouble} />}
      {warnings.map((warning) => (
        <Note key={warning} tone="warn">
          {warning}
        </Note>
      ))}
    </>
  );
}
