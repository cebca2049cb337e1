import { Switch } from "../../../components/Switch";
import { workflows as words } from "../../../i18n/en";
import styles from "../editor/properties/Form.module.css";
import { useTrigger } from "./useTrigger";

/** What the sender is told, and when. */
export function Answering() {
  const { toggle } = useTrigger();
  return (
    <section className={styles.group} aria-labelledby="answering">
      <h3 id="answering">{words.answering}</h3>
      <Switch {...toggle("validateBeforeAnswering", true)} description={words.validateFirstHint}>
        {words.validateFirst}
      </Switch>
      <Switch {...toggle("return202Accepted", false)} description={words.return202Hint}>
        {words.return202}
      </Switch>
      <Switch {...toggle("omitResponseBody", false)} description={words.omitHint}>
        {words.omit}
      </Switch>
      <Switch {...toggle("ordered", false)} description={words.orderedHint}>
        {words.ordered}
      </Switch>
    </section>
  );
}
