import { Note } from "../../../components/Notes";
import { workflows as words } from "../../../i18n/en";
import styles from "./Form.module.css";
import { useEditor } from "../EditorContext";
import { Answering } from "./trigger/Answering";
import { Repeated } from "./trigger/Repeated";
import { Shape } from "./trigger/Shape";
import { Url } from "./trigger/Url";
import { WhoMaySend } from "./trigger/WhoMaySend";

/** How the workflow is called, by whom, and how it answers. */
export function TriggerForm() {
  const { id } = useEditor();
  return (
    <>
      <div className={styles.propertiesHead}>
        <h2>{words.trigger}</h2>
      </div>
      <p className={styles.lead}>{words.triggerLead}</p>
      <div className={styles.form}>
        {id === undefined ? <Note tone="idle">{words.urlLater}</Note> : <Url id={id} />}
        <Answering />
        <WhoMaySend />
        <Repeated />
        <Shape />
      </div>
    </>
  );
}
