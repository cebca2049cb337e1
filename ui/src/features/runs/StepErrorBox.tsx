import { owners, type Owner, type StepError } from "../../api/bindings";
import { Button, LinkButton } from "../../components/Button";
import { Note } from "../../components/Notes";
import { runs as words } from "../../i18n/en";
import type { Around } from "./around";
import styles from "./Run.module.css";
import { SuggestMembers } from "./SuggestMembers";

/** What to do, without saying twice that nothing was written. */
function advice({ code, message }: StepError): string | undefined {
  const text = words.advice(code);
  return message.includes(words.nothingWritten)
    ? text?.replace(`${words.nothingWritten} `, "")
    : text;
}

/** Nobody, for a code that only an earlier version knew. */
function ownerOf({ code }: StepError): Owner | undefined {
  return (owners as Partial<typeof owners>)[code];
}

/** What went wrong in plain words, who can fix it, and smaller the technical line. */
export function StepErrorBox({ error, around }: { error: StepError; around: Around }) {
  const violations = error.violations ?? [];
  const more = error.more ?? 0;
  const several = violations.length + more > 1;
  const [only] = violations;
  const owner = ownerOf(error);
  return (
    <div className={styles.error}>
      <Note
        title={several ? words.violations(violations.length + more) : error.message}
        detail={
          <>
            {owner !== undefined && <b className={styles.owner}>{words.owner[owner]}</b>}
            {words.code(error.code)}
            {!several && only && (
              <span className={styles.technical}>{words.violation(only.path, only.keyword)}</span>
            )}
          </>
        }
        actions={<NextStep error={error} around={around} />}
      >
        {advice(error)}
        {several && (
          <ul className={styles.violations}>
            {violations.map(({ path, keyword, message }) => (
              <li key={`${path} ${keyword}`}>
                {message} <span className={styles.technical}>{words.violation(path, keyword)}</span>
              </li>
            ))}
            {more > 0 && <li>{words.andMore(more)}</li>}
          </ul>
        )}
      </Note>
    </div>
  );
}

/** The one thing to do about it from here, where there is one. */
function NextStep({ error, around }: { error: StepError; around: Around }) {
  const { connection, onEdit, onMember, payload, run } = around;
  if (error.code === "unknownMember" && connection !== undefined && onMember) {
    return (
      <>
        <SuggestMembers connection={connection} payload={payload} onChoose={onMember} />
        <Mend onEdit={onEdit} />
      </>
    );
  }
  switch (ownerOf(error)) {
    case "workflow":
      return <LinkButton href={`/workflows/${run.workflowId}`}>{words.openWorkflow}</LinkButton>;
    case "computer":
      return <LinkButton href="/connections">{words.openConnections}</LinkButton>;
    case "sender":
      return <Mend onEdit={onEdit} />;
    case "imis":
    case undefined:
      return null;
  }
}

function Mend({ onEdit }: { onEdit: (() => void) | undefined }) {
  return onEdit ? <Button onPress={onEdit}>{words.mendPayload}</Button> : null;
}
