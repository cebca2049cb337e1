import { workflows as words } from "../../../i18n/en";
import { asObject } from "../../../workflow/file";
import styles from "../editor/properties/Form.module.css";
import { Authentication } from "./Authentication";
import { useTrigger } from "./useTrigger";
import { LinesField, NumberField } from "../editor/properties/WrittenFields";

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
  const { trigger, set, setIn } = useTrigger();
  const limit = asObject(trigger.rateLimit);
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
          else setIn("rateLimit", { perSecond });
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
            setIn("rateLimit", { burst });
          }}
        />
      )}
    </>
  );
}
