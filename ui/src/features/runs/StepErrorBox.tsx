import type { Step } from "../../api/bindings";
import { Note } from "../../components/Notes";
import { runs as words } from "../../i18n/en";
import styles from "./Run.module.css";

/** What went wrong in plain words, who can mend it, and smaller the technical line. */
export function StepErrorBox({ error }: { error: NonNullable<Step["error"]> }) {
  const violations = error.violations ?? [];
  return (
    <div className={styles.error}>
      <Note title={error.message} detail={words.code(error.code)}>
        {words.advice(error.code)}
        {violations.length > 0 && (
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
