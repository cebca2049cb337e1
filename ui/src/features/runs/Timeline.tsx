import type { Run } from "../../api/bindings";
import { JsonView } from "../../components/JsonView";
import { Tabs } from "../../components/Tabs";
import { runs as words } from "../../i18n/en";
import { formatBytes } from "../../i18n/format";
import type { Around, Detail } from "./around";
import { grouped } from "./loops";
import { Loop } from "./Loop";
import { Opening } from "./Opening";
import { unreached, type Planned } from "./plan";
import { Row } from "./Row";
import { StepView } from "./StepView";
import styles from "./Run.module.css";

/** Top to bottom: what came, what each step did, and what was not reached. */
export function Timeline({
  detail,
  planned,
  around,
}: {
  detail: Detail;
  planned: Planned[];
  around: Around;
}) {
  const { run, steps } = detail;
  const ended = run.finishedAt != null;
  return (
    <ol aria-label={words.stepsLabel}>
      <Received detail={detail} />
      {grouped(steps).map((group) =>
        "items" in group ? (
          <Loop key={group.key} items={group.items} around={around} />
        ) : (
          <Row key={group.key} status={group.step.status}>
            <StepView around={around} step={group.step} />
          </Row>
        ),
      )}
      {unreached(planned, steps).map(({ id, title }) => (
        <Row key={id} status={ended ? "notReached" : "queued"}>
          <div className={styles.head}>
            <h2 className="faint">{title}</h2>
            <span className="faint">{ended && words.notReached}</span>
          </div>
        </Row>
      ))}
    </ol>
  );
}

function said(run: Run, metadata: unknown): { title: string; note: string } {
  const { repeated, rejected, accepted } = words.receivedStep;
  if (run.rerunOf != null) return { title: repeated, note: words.repeatedNote };
  return run.status === "rejected"
    ? { title: rejected, note: words.keptNote }
    : { title: accepted, note: words.receivedNote(size(metadata)) };
}

function size(metadata: unknown): string | undefined {
  const bytes = (metadata as { contentLength?: unknown } | null | undefined)?.contentLength;
  return typeof bytes === "number" ? formatBytes(bytes) : undefined;
}

function Received({ detail: { run, payload, metadata } }: { detail: Detail }) {
  const rejected = run.status === "rejected";
  const { title, note } = said(run, metadata);
  return (
    <Row status={rejected ? "rejected" : "succeeded"}>
      <Opening title={title} note={note} aside={null} initiallyOpen={false}>
        <Tabs
          label={title}
          items={[
            {
              id: "payload",
              label: words.payload,
              content:
                payload == null ? (
                  <p className="muted">
                    {run.erasedAt === undefined ? words.payloadGone : words.payloadErased}
                  </p>
                ) : (
                  <JsonView value={payload} />
                ),
            },
            ...(metadata == null
              ? []
              : [
                  { id: "metadata", label: words.metadata, content: <JsonView value={metadata} /> },
                ]),
          ]}
        />
      </Opening>
    </Row>
  );
}
