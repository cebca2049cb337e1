import { Button as AriaButton } from "react-aria-components";
import { cx } from "../../components/cx";
import { Icon } from "../../components/Icon";
import { workflows as words } from "../../i18n/en";
import { allActions } from "../../workflow/file";
import { titleOf } from "./summaries";
import styles from "./Editor.module.css";
import { useEditor } from "./EditorContext";

/** What to look at, as you type; each leads to its field. */
export function Problems({ checking }: { checking: boolean }) {
  const { problems, file, select } = useEditor();
  const nameOf = (step: string) => {
    const action = allActions(file.actions).find(({ id }) => id === step);
    return action ? titleOf(action) : step === "trigger" ? words.trigger : words.workflow;
  };
  return (
    <section className={styles.problems} aria-label={words.problemsTitle}>
      <div className={styles.problemsHead} aria-live="polite">
        {problems.length > 0 ? (
          words.problemsLead(problems.length)
        ) : checking ? (
          words.checking
        ) : (
          <>
            <Icon name="check" size={14} /> {words.noProblems}
          </>
        )}
      </div>
      {problems.map(({ step, field, message, blocks }, index) => (
        <AriaButton
          key={index}
          className={cx(styles.problem, blocks && styles.blocks)}
          onPress={() => {
            select(step, field ?? "");
          }}
        >
          <Icon name={blocks ? "cross" : "hand"} size={14} />
          <span>
            {message}{" "}
            <span className="faint">
              {nameOf(step)}
              {blocks && ` · ${words.blocks}`}
            </span>
          </span>
        </AriaButton>
      ))}
    </section>
  );
}
