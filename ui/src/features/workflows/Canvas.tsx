import { useRead } from "../../api/queries";
import { Pill } from "../../components/Pill";
import { workflows as words } from "../../i18n/en";
import { formatNumber } from "../../i18n/format";
import {
  actionTypes,
  allActions,
  isEnabled,
  nested,
  type Action,
  type ActionType,
} from "../../workflow/file";
import { ActionCard, CardButton } from "./ActionCard";
import { freeId } from "./draft";
import styles from "./Editor.module.css";
import { useEditor } from "./EditorContext";
import { PickMenu } from "./PickMenu";
import { maskedUrl } from "./summaries";

/** The trigger and the actions below it, in order, with a + between any two. */
export function Canvas() {
  const { file } = useEditor();
  return (
    <div className={styles.canvas}>
      <ol className={styles.steps} aria-label={words.steps}>
        <li>
          <TriggerCard />
        </li>
        <Steps actions={file.actions} />
      </ol>
    </div>
  );
}

function TriggerCard() {
  const { id, detail } = useEditor();
  const url = useRead("workflow_url", { id: id ?? "" }, { enabled: id !== undefined }).data?.url;
  const today = detail?.workflow.today.received ?? 0;
  return (
    <CardButton
      step="trigger"
      icon="webhook"
      title={words.trigger}
      sub={
        url === undefined ? (
          id === undefined ? (
            words.urlLaterShort
          ) : (
            words.urlHidden
          )
        ) : (
          <span className="mono">{maskedUrl(url)}</span>
        )
      }
      aside={today > 0 && <Pill tone="ok">{words.today(formatNumber(today))}</Pill>}
    />
  );
}

function Steps({ actions, within }: { actions: Action[]; within?: string }) {
  const { file } = useEditor();
  const firstEnabled = file.actions.find(isEnabled)?.id;
  return (
    <>
      {actions.map((action, index) => (
        <li key={action.id}>
          <Wire at={index} {...(within !== undefined && { within })} />
          <ActionCard
            action={action}
            checksFirst={action.id === firstEnabled && action.type === "jsonSchemaValidation"}
          />
          {action.type === "forEach" && (
            <div className={styles.loop}>
              <ol className={styles.steps} aria-label={words.stepsOf(action.id)}>
                <Steps actions={nested(action)} within={action.id} />
              </ol>
            </div>
          )}
        </li>
      ))}
      <li>
        <Wire at={actions.length} {...(within !== undefined && { within })} />
        {actions.length === 0 && (
          <p className={styles.empty}>{within === undefined ? words.noActions : words.noLoop}</p>
        )}
      </li>
    </>
  );
}

/** The line to the next step; its + adds one there. */
function Wire({ at, within }: { at: number; within?: string }) {
  const { file, edit, select } = useEditor();
  const all = allActions(file.actions).map(({ id }) => id);
  const types = actionTypes.filter((type) => within === undefined || type !== "forEach");
  return (
    <div className={styles.wire}>
      <PickMenu
        label={at === 0 ? words.addFirst : words.addAfter(at)}
        options={types.map((type) => ({ id: type, ...words.types[type] }))}
        onPick={(picked) => {
          const type = picked as ActionType;
          const id = freeId(type, all);
          edit({ kind: "add", id, type, at, ...(within !== undefined && { within }) });
          select(id);
        }}
      />
    </div>
  );
}
