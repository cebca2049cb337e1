import { Note } from "../../../components/Notes";
import { workflows as words } from "../../../i18n/en";
import styles from "../editor/properties/Form.module.css";
import { useOpened } from "../editor/EditorContext";
import { Answering } from "./Answering";
import { Repeated } from "./Repeated";
import { Shape } from "./Shape";
import { Url } from "./Url";
import { WhoMaySend } from "./WhoMaySend";

/** How the workflow is called, by whom, and how it answers. */
export function TriggerForm() {
  const { id } = useOpened();
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
