import { Disclosure, DisclosurePanel, Heading, Button as Trigger } from "react-aria-components";
import { ComboBox } from "../../components/ComboBox";
import { Icon } from "../../components/Icon";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { sender as words } from "../../i18n/en";
import { asObject, text, type Json } from "../../workflow/file";
import styles from "./Sender.module.css";
import { WayPicker, type Via } from "./Way";

export type Chosen = {
  via: Via;
  contentType: string;
  /** As the trigger asks; off to try what a stranger would send. */
  authenticate: boolean;
  /** One `Name: value` a line. */
  headers: string;
};

export const standard: Chosen = {
  via: "local",
  contentType: "application/json",
  authenticate: true,
  headers: "",
};

const contentTypes = ["application/json", "text/json", "text/plain"].map((id) => ({
  id,
  label: id,
}));

/** How it goes out: which way, with which headers, signed or not. */
export function Options({
  trigger,
  chosen,
  onChange,
}: {
  trigger: Json;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}) {
  const asked = text(asObject(trigger.authentication), "kind");
  const set = (change: Partial<Chosen>) => {
    onChange({ ...chosen, ...change });
  };
  return (
    <Disclosure>
      <Heading level={2}>
        <Trigger slot="trigger" className={styles.more ?? ""}>
          <Icon name="chevronRight" size={14} />
          {words.options.title}
        </Trigger>
      </Heading>
      <DisclosurePanel className={styles.options ?? ""}>
        <div className={styles.form}>
          <WayPicker
            value={chosen.via}
            onChange={(via) => {
              set({ via });
            }}
          />
          {asked === "" ? (
            <p className="muted">{words.options.noAuthentication}</p>
          ) : (
            <Switch
              value={chosen.authenticate}
              onChange={(authenticate) => {
                set({ authenticate });
              }}
              description={words.options.authenticateNote}
            >
              {words.options.authenticate(words.options.kinds[asked] ?? asked)}
            </Switch>
          )}
          <ComboBox
            label={words.contentType}
            options={contentTypes}
            value={chosen.contentType}
            onChange={(contentType) => {
              set({ contentType });
            }}
          />
          <TextField
            label={words.options.headers}
            hint={words.options.headersHint}
            rows={2}
            mono
            value={chosen.headers}
            onChange={(headers) => {
              set({ headers });
            }}
          />
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}

/** Lines without a colon are left out. */
export function headersOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines
      .split("\n")
      .map((line) => /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line))
      .flatMap((found) => (found ? [[found[1], found[2]]] : [])),
  ) as Record<string, string>;
}
