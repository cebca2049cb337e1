import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "../../../../components/cx";
import { Icon, type IconName } from "../../../../components/Icon";
import { Pill } from "../../../../components/Pill";
import { workflows as words } from "../../../../i18n/en";
import { isEnabled, type Action, type ActionType } from "../../../../workflow/file";
import styles from "./ActionCard.module.css";
import { useChecks, useSelection } from "../EditorContext";
import { summaryOf, titleOf } from "./summaries";
import { pressStepKey, useActionEdits, type StepKey } from "./useActionEdits";

export const icons: Record<ActionType, IconName> = {
  jsonSchemaValidation: "check",
  insertActivity: "plus",
  insertPanelRecord: "table",
  gate: "gate",
  alreadyRecorded: "question",
  imisGet: "search",
  forEach: "rerun",
  httpRequest: "sender",
  notify: "hand",
};

export function ActionCard({ action, checksFirst }: { action: Action; checksFirst: boolean }) {
  const { problems } = useChecks();
  const act = useActionEdits(action);
  const own = problems.filter(({ step }) => step === action.id).length;
  return (
    <div className={styles.card}>
      <CardButton
        step={action.id}
        icon={icons[action.type]}
        title={titleOf(action)}
        sub={summaryOf(action)}
        off={!isEnabled(action)}
        aside={
          !isEnabled(action) ? (
            <Pill>{words.off}</Pill>
          ) : own > 0 ? (
            <Pill tone="warn" icon="hand">
              {words.problems(own)}
            </Pill>
          ) : (
            checksFirst && <span className="faint">{words.checksFirst}</span>
          )
        }
        onKey={(event) => pressStepKey(event, act)}
      />
    </div>
  );
}

/** A card that can be selected; arrows go to its neighbours. */
export function CardButton({
  step,
  icon,
  title,
  sub,
  aside,
  off = false,
  onKey,
}: {
  step: string;
  icon: IconName;
  title: string;
  sub: ReactNode;
  aside: ReactNode;
  off?: boolean;
  onKey?: (event: StepKey) => boolean;
}) {
  const { selected, select } = useSelection();
  return (
    <AriaButton
      className={cx(styles.node, off && styles.off)}
      data-card={step}
      {...(selected === step && { "aria-current": "step" as const })}
      onPress={() => {
        select(step);
      }}
      onKeyDown={(event) => {
        if (onKey?.(event) === true) event.preventDefault();
        else if (event.key === "ArrowDown") focusCard(step, 1);
        else if (event.key === "ArrowUp") focusCard(step, -1);
        else event.continuePropagation();
      }}
    >
      <span className={styles.icon}>
        <Icon name={icon} />
      </span>
      <b>{title}</b>
      <span>{aside}</span>
      <span className={styles.sub}>{sub}</span>
    </AriaButton>
  );
}

function focusCard(step: string, by: -1 | 1) {
  const cards = [...document.querySelectorAll<HTMLElement>("[data-card]")];
  const at = cards.findIndex((card) => card.dataset.card === step);
  // The canvas moves to what has the focus; the browser's own scrolling would tear it apart.
  cards[at + by]?.focus({ preventScroll: true });
}
