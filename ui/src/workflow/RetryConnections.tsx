import { useWrite } from "../api/queries";
import { Button } from "../components/Button";
import { toast } from "../components/toast";
import { common } from "../i18n/en";

/** Reads the passwords anew and lets everything go on that waits for a connection. */
export function RetryConnections({ variant = "secondary" }: { variant?: "primary" | "secondary" }) {
  const retry = useWrite("secrets_retry");
  return (
    <Button
      variant={variant}
      icon="rerun"
      isPending={retry.isPending}
      onPress={() => {
        retry.mutate(
          {},
          {
            onSuccess: ({ ok, message }) => {
              toast(ok ? "ok" : "bad", ok ? common.retried : sentence(message));
            },
            onError: ({ message }) => {
              toast("bad", message);
            },
          },
        );
      }}
    >
      {common.retryNow}
    </Button>
  );
}

/** What the secret store says begins small, as a part of a sentence. */
function sentence(text: string = common.unknownProblem): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
