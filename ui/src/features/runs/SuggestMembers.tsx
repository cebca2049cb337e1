import { useState } from "react";
import type { Member } from "../../api/bindings";
import { call } from "../../api/call";
import { asApiError } from "../../api/errors";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/Notes";
import { runs as words } from "../../i18n/en";
import { hints } from "./mending";

const most = 5;

type Found = "asking" | { members: Member[] } | { error: { message: string } };

/** Members that the payload may mean, by the e-mail address and names in it. Choosing one opens the payload. */
export function SuggestMembers({
  connection,
  payload,
  onChoose,
}: {
  connection: string;
  payload: unknown;
  onChoose: (id: string) => void;
}) {
  const [found, setFound] = useState<Found>();
  const searches = hints(payload);
  if (searches.length === 0) return null;
  const ask = async () => {
    setFound("asking");
    try {
      const lists = await Promise.all(
        searches.map((search) => call("member_list", { connection, search, limit: most })),
      );
      const all = new Map(lists.flatMap(({ members }) => members.map((one) => [one.id, one])));
      setFound({ members: [...all.values()].slice(0, most) });
    } catch (error) {
      setFound({ error: asApiError(error) });
    }
  };
  return (
    <div className="row" aria-live="polite">
      {found === undefined || found === "asking" ? (
        <Button icon="search" isPending={found === "asking"} onPress={() => void ask()}>
          {words.suggest.button}
        </Button>
      ) : "error" in found ? (
        <ErrorNote error={found.error} onRetry={() => void ask()} />
      ) : found.members.length === 0 ? (
        <span className="muted">{words.suggest.none(searches)}</span>
      ) : (
        found.members.map(({ id, name, email }) => (
          <Button
            key={id}
            onPress={() => {
              onChoose(id);
            }}
          >
            {words.suggest.use(name, id, email != null && searches.includes(email))}
          </Button>
        ))
      )}
    </div>
  );
}
