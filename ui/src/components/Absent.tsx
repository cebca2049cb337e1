import { common } from "../i18n/en";
import { Card, Page, PageHeader } from "./Card";
import type { IconName } from "./Icon";
import { EmptyState, ErrorNote, Skeleton } from "./Notes";

/** A screen without what it is about: on its way, not to be had now, or `gone`. */
export function Absent({
  error,
  onRetry,
  gone,
}: {
  error: { code: string; message: string } | null | undefined;
  onRetry: () => void;
  gone?: { icon: IconName; title: string; lead?: string; link: { href: string; text: string } };
}) {
  if (gone !== undefined && error?.code === "notFound") {
    const { icon, title, lead, link } = gone;
    return (
      <Page>
        <EmptyState icon={icon} title={title} link={link} heading="h1">
          {lead}
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title={error ? common.unknownProblem : common.loading} />
      {error ? (
        <ErrorNote error={error} onRetry={onRetry} />
      ) : (
        <Card>
          <Skeleton lines={8} />
        </Card>
      )}
    </Page>
  );
}
