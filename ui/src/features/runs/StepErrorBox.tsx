import type { StepError } from "../../api/bindings";
import { Note } from "../../components/Notes";
import { runs as words } from "../../i18n/en";
import styles from "./Run.module.css";

/** What to do, without saying twice that nothing was written. */
function advice({ code, message }: StepError): string | undefined {
  const text = words.advice(code);
  return message.includes(words.nothingWritten)
    ? text?.replace(`${words.nothingWritten} `, "")
    : text;
}

/** What went wrong in plain words, who can mend it, and smaller the technical line. */
export function StepErrorBox({ error }: { error: StepError }) {
  const violations = error.violations ?? [];
  const several = violations.length > 1;
  const [only] = violations;
  return (
    <div className={styles.error}>
      <Note
        title={several ? words.violations(violations.length) : error.message}
        detail={
          <>
            {words.code(error.code)}
            {!several && only && (
              <span className={styles.technical}>{words.violation(only.path, only.keyword)}</span>
            )}
          </>
        }
      >
        {advice(error)}
        {several && (
          <ul className={styles.violations}>
            {violations.map(({ path, keyword, message }) => (
              <li key={`${path} ${keyword}`}>
                {message} <span className={styles.technical}>{words.violation(path, keyword)}</span>
              </li>
            ))}
          </ul>
        )}
      </Note>
    </div>
  );
}
