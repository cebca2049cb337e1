import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { Pill } from "../../components/Pill";
import type { useWrite } from "../../api/queries";
import { connections as words } from "../../i18n/en";
import styles from "./Connections.module.css";

export type Test = ReturnType<typeof useWrite<"connection_test">>;

/** What works and what does not, check by check. */
export function TestCard({ name, test }: { name: string; test: Test }) {
  const result = test.variables?.name === name ? test.data : undefined;
  return (
    <Card
      title={words.testTitle}
      aside={
        result && (
          <Pill tone={result.ok ? "ok" : "bad"} icon={result.ok ? "check" : "cross"}>
            {result.ok ? words.testOk : words.testFailed}
          </Pill>
        )
      }
      actions={
        <Button
          isPending={test.isPending}
          onPress={() => {
            test.mutate({ name });
          }}
        >
          {words.test}
        </Button>
      }
    >
      <p className="muted">{words.testNote}</p>
      {test.isPending && <Skeleton lines={3} />}
      {!test.isPending && test.error && test.variables.name === name && (
        <ErrorNote error={test.error} />
      )}
      {!test.isPending && result && (
        <ul className={styles.checks}>
          {result.checks.map((check) => (
            <li key={check.name} className={check.ok ? styles.ok : styles.bad}>
              <Icon name={check.ok ? "check" : "cross"} />
              <span>
                <span className="visuallyHidden">
                  {check.ok ? words.passed : words.notPassed}:{" "}
                </span>
                <b>{check.name}</b> <span className={styles.message}>{check.message}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
