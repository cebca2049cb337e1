import { useRead } from "../../api/queries";
import { LinkButton } from "../../components/Button";
import { Card, Page, PageHeader } from "../../components/Card";
import { ErrorNote, Skeleton } from "../../components/Notes";
import { StatusDot } from "../../components/Pill";
import { wasHandedOver } from "../../workflow/handedOver";
import { guide as words } from "../../i18n/en";
import { RemoveSample } from "./RemoveSample";
import { guideSteps } from "./steps";
import styles from "./Guide.module.css";

/** "My first live workflow": what is left to do, ticked off by what the program sees. */
export function GuidePage() {
  const connections = useRead("connection_list", {});
  const workflows = useRead("workflow_list", {});
  const settings = useRead("settings_get", {});
  const error = connections.error ?? workflows.error ?? settings.error;
  const known = connections.data && workflows.data && settings.data;
  if (!known) {
    return (
      <Page>
        <PageHeader title={words.title} lead={words.lead} />
        {error ? (
          <ErrorNote
            error={error}
            onRetry={() => {
              void connections.refetch();
              void workflows.refetch();
              void settings.refetch();
            }}
          />
        ) : (
          <Card>
            <Skeleton lines={8} />
          </Card>
        )}
      </Page>
    );
  }
  const steps = guideSteps({
    connections: connections.data.connections,
    workflows: workflows.data.workflows,
    settings: settings.data.settings,
    handedOver: wasHandedOver(),
  });
  const left = steps.filter(({ done }) => !done);
  return (
    <Page>
      <PageHeader
        title={words.progress(steps.length - left.length, steps.length)}
        lead={words.lead}
      />
      <Card title={words.title}>
        <ol className={styles.steps}>
          {steps.map(({ id, done, to }) => (
            <li key={id} className={styles.step} data-next={left[0]?.id === id}>
              <StatusDot status={done ? "succeeded" : "notReached"} />
              <div className="grow">
                <b>{words.steps[id].title}</b>
                <p className="muted">{words.steps[id].text}</p>
              </div>
              {!done && (
                <LinkButton
                  href={to}
                  variant={left[0]?.id === id ? "primary" : "secondary"}
                  aria-label={words.goTo(words.steps[id].title)}
                >
                  {words.steps[id].action}
                </LinkButton>
              )}
            </li>
          ))}
        </ol>
      </Card>
      <RemoveSample />
    </Page>
  );
}
