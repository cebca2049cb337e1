import { handshakes } from "../../../api/bindings";
import { Select } from "../../../components/Select";
import { Switch } from "../../../components/Switch";
import { workflows as words } from "../../../i18n/en";
import { text } from "../../../workflow/file";
import styles from "../editor/properties/Form.module.css";
import { Field } from "../editor/properties/Field";
import { useTrigger } from "./useTrigger";
import { MemberField, NumberField } from "../editor/properties/WrittenFields";

/** What a delivery may look like, and under which name its circumstances are kept. */
export function Shape() {
  const { trigger, set, toggle } = useTrigger();
  const preset = text(trigger, "preset");
  const known = words.presets.some(({ id }) => id === preset);
  return (
    <section className={styles.group} aria-labelledby="shape">
      <h3 id="shape">{words.shape}</h3>
      <Switch {...toggle("wrapArray", false)} description={words.wrapArrayHint}>
        {words.wrapArray}
      </Switch>
      <Switch {...toggle("acceptForm", false)} description={words.acceptFormHint}>
        {words.acceptForm}
      </Switch>
      <Field name="preset">
        <Select
          label={words.preset}
          options={[...words.presets, ...(known ? [] : [{ id: preset, label: preset }])]}
          value={preset}
          onChange={(chosen) => {
            set({ preset: chosen === "" ? undefined : chosen });
          }}
          description={words.presetHint}
        />
      </Field>
      <Field name="handshake">
        <Select
          label={words.handshake}
          options={[
            { id: "", label: words.noHandshake },
            ...handshakes.map((id) => ({ id, ...words.handshakes[id] })),
          ]}
          value={text(trigger, "handshake")}
          onChange={(chosen) => {
            set({ handshake: chosen === "" ? undefined : chosen });
          }}
          description={words.handshakeHint}
        />
      </Field>
      <NumberField
        field="maxBodyBytes"
        label={words.maxBody}
        hint={words.optional}
        description={words.maxBodyHint}
        value={trigger.maxBodyBytes}
        onChange={(maxBodyBytes) => {
          set({ maxBodyBytes });
        }}
      />
      <MemberField
        field="metadataOutputProperty"
        label={words.metadata}
        hint={words.optional}
        description={words.metadataHint}
        value={trigger.metadataOutputProperty}
        onChange={(metadataOutputProperty) => {
          set({ metadataOutputProperty });
        }}
      />
    </section>
  );
}
