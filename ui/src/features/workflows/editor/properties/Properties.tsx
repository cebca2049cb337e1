import { Button } from "../../../../components/Button";
import { Menu } from "../../../../components/Menu";
import { workflows as words } from "../../../../i18n/en";
import { ConnectionPill } from "../../../../workflow/ConnectionPill";
import { isEnabled, type Action, type ActionType } from "../../../../workflow/file";
import { titleOf } from "../steps/summaries";
import styles from "./Form.module.css";
import { useDraft, useSelection } from "../EditorContext";
import { AlreadyRecordedForm } from "./AlreadyRecordedForm";
import { FlowForm } from "./FlowForm";
import { ForEachForm } from "./ForEachForm";
import { GateForm } from "./GateForm";
import { HttpRequestForm } from "./HttpRequestForm";
import { ImisGetForm } from "./ImisGetForm";
import { InsertActivityForm } from "./InsertActivityForm";
import { InsertPanelForm } from "./InsertPanelForm";
import { NotifyForm } from "./NotifyForm";
import { SchemaForm } from "./SchemaForm";
import { TriggerForm } from "../../trigger/TriggerForm";
import { WorkflowForm } from "./WorkflowForm";
import { useActionEdits } from "../steps/useActionEdits";

const forms: Record<ActionType, (props: { action: Action }) => React.ReactNode> = {
  jsonSchemaValidation: SchemaForm,
  insertActivity: InsertActivityForm,
  insertPanelRecord: InsertPanelForm,
  gate: GateForm,
  alreadyRecorded: AlreadyRecordedForm,
  imisGet: ImisGetForm,
  forEach: ForEachForm,
  httpRequest: HttpRequestForm,
  notify: NotifyForm,
};

/** What is selected, with everything that can be set on it. */
export function Properties() {
  const { selected, action } = useSelection();
  return (
    <aside className={styles.properties} aria-label={words.properties}>
      {action ? (
        <ActionProperties key={action.id} action={action} />
      ) : selected === "workflow" ? (
        <WorkflowForm />
      ) : (
        <TriggerForm />
      )}
    </aside>
  );
}

function ActionProperties({ action }: { action: Action }) {
  const { file } = useDraft();
  const act = useActionEdits(action);
  const Form = forms[action.type];
  return (
    <>
      <div className={styles.propertiesHead}>
        <h2>{titleOf(action)}</h2>
        <Button
          variant="quiet"
          icon="up"
          aria-label={words.moveUp}
          isDisabled={act.isFirst}
          onPress={() => {
            act.move(-1);
          }}
        />
        <Button
          variant="quiet"
          icon="down"
          aria-label={words.moveDown}
          isDisabled={act.isLast}
          onPress={() => {
            act.move(1);
          }}
        />
        <Button variant="quiet" icon="trash" aria-label={words.remove} onPress={act.remove} />
        <Menu
          label={words.moreOfStep}
          entries={[
            {
              id: "toggle",
              label: isEnabled(action) ? words.disable : words.enable,
              onAction: act.toggle,
            },
            { id: "duplicate", label: words.duplicateStep, onAction: act.duplicate },
          ]}
        />
      </div>
      <p className={styles.lead}>{words.types[action.type].lead}</p>
      {action.type.startsWith("insert") && (
        <p className={styles.writes}>
          {words.writesTo} <ConnectionPill name={file.connection} />
        </p>
      )}
      <div className={styles.form}>
        <Form action={action} />
        <FlowForm action={action} />
      </div>
    </>
  );
}
