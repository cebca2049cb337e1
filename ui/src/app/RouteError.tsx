import { useRouteError } from "react-router";
import { Button, LinkButton } from "../components/Button";
import { Page } from "../components/Card";
import { EmptyState, Note } from "../components/Notes";
import { common, shell } from "../i18n/en";

/** A fault in a page's own code: said plainly, with a way on. */
export function RouteError() {
  const error = useRouteError();
  return (
    <Page>
      <Note
        title={common.pageBroke}
        detail={error instanceof Error ? error.message : String(error)}
        actions={
          <>
            <Button
              onPress={() => {
                window.location.reload();
              }}
            >
              {common.tryAgain}
            </Button>
            <LinkButton href="/" variant="quiet">
              {shell.toDashboard}
            </LinkButton>
          </>
        }
      />
    </Page>
  );
}

export function NotFound() {
  return (
    <Page>
      <EmptyState
        icon="question"
        title={shell.notFound}
        action={<LinkButton href="/">{shell.toDashboard}</LinkButton>}
      />
    </Page>
  );
}
