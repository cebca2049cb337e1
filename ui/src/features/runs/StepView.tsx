import type { Step } from "../../api/bindings";
import { JsonView } from "../../components/JsonView";
import { Note } from "../../components/Notes";
import { Tabs, type TabItem } from "../../components/Tabs";
import { runs as words } from "../../i18n/en";
import { formatDuration, formatWhen } from "../../i18n/format";
import type { Around } from "./around";
import { ExchangeView } from "./ExchangeView";
import { Opening } from "./Opening";
import { StepErrorBox } from "./StepErrorBox";
import { StepRepair } from "./StepRepair";
import styles from "./Run.module.css";

export function StepView({ around, step }: { around: Around; step: Step }) {
  const failed = step.error != null && step.status !== "succeeded";
  const uncertain = step.status === "held" || step.status === "inDoubt";
  const items = tabs(step);
  return (
    <Opening
      title={step.item == null ? step.name : `${step.name} · ${words.item(step.item)}`}
      note={note(step)}
      aside={aside(step)}
      above={
        <>
          {step.error != null && !uncertain && <StepErrorBox error={step.error} around={around} />}
          {(step.warnings ?? []).map((warning) => (
            <div key={warning} className={styles.error}>
              <Note tone="warn">{warning}</Note>
            </div>
          ))}
          <StepRepair around={around} step={step} />
        </>
      }
      initiallyOpen={failed || uncertain}
    >
      <Tabs
        label={words.showOf(step.name)}
        items={items}
        initial={(failed || uncertain) && step.request != null ? "exchange" : "before"}
      />
    </Opening>
  );
}

function tabs(step: Step): TabItem[] {
  const { input, output, request, response } = step;
  return [
    { id: "before", label: words.before, content: <JsonView value={input ?? null} /> },
    {
      id: "after",
      label: words.after,
      content: <JsonView value={output ?? null} before={input ?? null} />,
    },
    {
      id: "exchange",
      label: words.exchange,
      content: <ExchangeView request={request} response={response} />,
    },
  ];
}

function note(step: Step): string | undefined {
  if (step.status === "skipped") return words.skippedNote;
  if (step.status === "carried") return words.carriedNote;
  if (step.status !== "succeeded") return undefined;
  if (step.undoneAt != null) return words.undo.done(formatWhen(step.undoneAt));
  return step.recordKey == null ? words.stepSaid[step.type] : words.recordKey(step.recordKey);
}

function aside(step: Step): string {
  const parts = [];
  if (step.attempts > 1) parts.push(words.attempts(step.attempts));
  if (step.finishedAt != null) {
    parts.push(formatDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt)));
  }
  return parts.join(" · ");
}
