import { Button as AriaButton } from "react-aria-components";
import { cx } from "../../../components/cx";
import { Icon } from "../../../components/Icon";
import { workflows as words } from "../../../i18n/en";
import { allActions } from "../../../workflow/file";
import { titleOf } from "./steps/summaries";
import styles from "./Problems.module.css";
import { useChecks, useDraft, useSelection, type PlacedProblem } from "./EditorContext";

/** What to look at, as you type; each leads to its field. */
export function Problems({ checking }: { checking: boolean }) {
  const { problems } = useChecks();
  const { select } = useSelection();
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
      <ProblemList
        problems={problems}
        onPick={({ step, field }) => {
          select(step, field ?? "");
        }}
      />
    </section>
  );
}

/** Problems, each with where it is; choosing one goes there. */
export function ProblemList({
  problems,
  onPick,
}: {
  problems: PlacedProblem[];
  onPick: (problem: PlacedProblem) => void;
}) {
  const { file } = useDraft();
  const nameOf = (step: string) => {
    const action = allActions(file.actions).find(({ id }) => id === step);
    return action ? titleOf(action) : step === "trigger" ? words.trigger : words.workflow;
  };
  return problems.map((problem, index) => (
    <AriaButton
      key={index}
      className={cx(styles.problem, problem.blocks && styles.blocks)}
      onPress={() => {
        onPick(problem);
      }}
    >
      <Icon name={problem.blocks ? "cross" : "hand"} size={14} />
      <span>
        {problem.message}{" "}
        <span className="faint">
          {nameOf(problem.step)}
          {problem.blocks && ` · ${words.blocks}`}
        </span>
      </span>
    </AriaButton>
  ));
}
