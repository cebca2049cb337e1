import type { Commands } from "../../api/bindings";
import { useRead } from "../../api/queries";
import { Card } from "../../components/Card";
import { JsonView } from "../../components/JsonView";
import { Pill } from "../../components/Pill";
import { Tabs } from "../../components/Tabs";
import { ValueList } from "../../components/ValueList";
import { sender as words } from "../../i18n/en";
import { formatDuration } from "../../i18n/format";
import { tryParse } from "../../json";
import type { Scenario } from "./scenarios";
import styles from "./Sender.module.css";
import { verdict } from "./verdict";
import { VerdictPill } from "./VerdictPill";

type Sent = Commands["sender_send"]["response"];

/** What the sender gets to see, and whether it is what should have come. */
export function Answer({
  answer,
  expected,
}: {
  answer: Sent;
  expected: Scenario["expect"] | undefined;
}) {
  const good = answer.status < 300;
  return (
    <Card title={words.answer}>
      <div className={styles.answer}>
        <div className={styles.head} aria-live="polite">
          <Pill tone={good ? "ok" : "bad"} icon={good ? "check" : "cross"}>
            {words.answered(answer.status, formatDuration(answer.ms))}
          </Pill>
          {expected && <Judged answer={answer} expected={expected} />}
        </div>
        <Tabs
          label={words.answer}
          items={[
            { id: "body", label: words.body, content: <Body text={answer.body} /> },
            {
              id: "headers",
              label: words.headers,
              content: (
                <ValueList
                  entries={[
                    { name: words.sentTo, value: answer.url },
                    ...Object.entries(answer.headers).map(([name, value]) => ({ name, value })),
                  ]}
                />
              ),
            },
          ]}
        />
        {answer.runId === undefined && !good && <p className="muted">{words.noRun}</p>}
      </div>
    </Card>
  );
}

function Body({ text }: { text: string }) {
  if (text === "") return <p className="muted">{words.emptyBody}</p>;
  const parsed = tryParse(text);
  return <JsonView value={"value" in parsed ? parsed.value : text} />;
}

/** Once the run has ended too. */
function Judged({ answer, expected }: { answer: Sent; expected: Scenario["expect"] }) {
  const run = useRead(
    "run_get",
    { id: answer.runId ?? "" },
    { enabled: answer.runId !== undefined },
  ).data?.run;
  return <VerdictPill verdict={verdict(answer, run?.status, expected)} expected={expected} />;
}
