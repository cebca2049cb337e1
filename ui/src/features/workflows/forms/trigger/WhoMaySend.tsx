import { workflows as words } from "../../../../i18n/en";
import { asObject, type Json } from "../../../../workflow/file";
import styles from "../../Editor.module.css";
import { Authentication } from "./Authentication";
import { useTrigger } from "./useTrigger";
import { LinesField, NumberField } from "../WrittenFields";

/** Who is let in, from where, and how often. */
export function WhoMaySend() {
  const { trigger, set } = useTrigger();
  return (
    <section className={styles.group} aria-labelledby="who-may-send">
      <h3 id="who-may-send">{words.whoMaySend}</h3>
      <Authentication />
      <LinesField
        field="allowAddresses"
        label={words.allowAddresses}
        hint={words.onePerLine}
        description={words.allowAddressesHint}
        placeholder="203.0.113.0/24"
        value={trigger.allowAddresses}
        onChange={(allowAddresses) => {
          set({ allowAddresses });
        }}
      />
      <RateLimit />
      <LinesField
        field="cors"
        label={words.cors}
        hint={words.onePerLine}
        description={words.corsHint}
        placeholder="https://www.example.org"
        value={trigger.cors}
        onChange={(cors) => {
          set({ cors });
        }}
      />
    </section>
  );
}

function RateLimit() {
  const { trigger, set } = useTrigger();
  const limit = asObject(trigger.rateLimit);
  const change = (changes: Json) => {
    const entries = Object.entries({ ...limit, ...changes });
    set({ rateLimit: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) });
  };
  return (
    <>
      <NumberField
        field="rateLimit/perSecond"
        label={words.perSecond}
        hint={words.optional}
        description={words.perSecondHint}
        value={limit.perSecond}
        onChange={(perSecond) => {
          if (perSecond === undefined) set({ rateLimit: undefined });
          else change({ perSecond });
        }}
      />
      {trigger.rateLimit !== undefined && (
        <NumberField
          field="rateLimit/burst"
          label={words.burst}
          hint={words.optional}
          description={words.burstHint}
          value={limit.burst}
          onChange={(burst) => {
            change({ burst });
          }}
        />
      )}
    </>
  );
}
