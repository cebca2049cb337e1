import { useEffect, useRef } from "react";
import { useRouteError } from "react-router";
import { Button, LinkButton } from "../components/Button";
import { Page, PageHeader } from "../components/Card";
import { EmptyState, Note } from "../components/Notes";
import { common, shell } from "../i18n/en";
import { useLive } from "./live";

/** A fault in a page's own code, or a page that could not be fetched: said plainly, with a way on. */
export function RouteError() {
  const error = useRouteError();
  const message = error instanceof Error ? error.message : String(error);
  const isLost = useLive() === "lost";
  useReloadOnReturn();
  return (
    <Page>
      <PageHeader title={isLost ? shell.notLoaded : common.pageBroke} />
      <Note
        detail={isLost ? common.unreachable : message}
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

/** A screen that could not be fetched from a server that was gone is fetched when it is back. */
function useReloadOnReturn(): void {
  const live = useLive();
  const wasLost = useRef(false);
  useEffect(() => {
    if (live === "lost") wasLost.current = true;
    else if (live === "live" && wasLost.current) window.location.reload();
  }, [live]);
}

export function NotFound() {
  return (
    <Page>
      <EmptyState
        heading="h1"
        icon="question"
        title={shell.notFound}
        link={{ href: "/", text: shell.toDashboard }}
      />
    </Page>
  );
}
