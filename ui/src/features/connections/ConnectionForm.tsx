import { useState } from "react";
import type { Connection } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ComboBox } from "../../components/ComboBox";
import { ErrorNote } from "../../components/Notes";
import { Segmented } from "../../components/Segments";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { connections as words } from "../../i18n/en";
import styles from "./Connections.module.css";
import {
  faultsOf,
  formOf,
  orderOf,
  keepsPassword,
  requestOf,
  timeZones,
  type DateChoice,
  type Form,
  type SiteKind,
} from "./form";

/** Adds a connection, or changes `connection`. */
export function ConnectionForm({
  connection,
  taken,
  onSaved,
  onCancel,
}: {
  connection?: Connection;
  taken: string[];
  onSaved: (name: string) => void;
  onCancel?: () => void;
}) {
  const kept = formOf(connection);
  const [form, setForm] = useState(kept);
  const [asked, setAsked] = useState(false);
  const save = useWrite("connection_save");
  const faults = faultsOf(form, connection, taken);
  const changed = JSON.stringify(form) !== JSON.stringify(kept);
  const field = (name: Exclude<keyof Form, "kind" | "dateOrder">) => ({
    value: form[name],
    onChange: (value: string) => {
      setForm({ ...form, [name]: value });
    },
    error: asked ? faults[name] : undefined,
  });
  const submit = () => {
    setAsked(true);
    if (Object.keys(faults).length > 0) return;
    save.mutate(requestOf(form), {
      onSuccess: ({ connection: { name } }) => {
        toast("ok", words.saved(name));
        setForm({ ...form, password: "" });
        setAsked(false);
        onSaved(name);
      },
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      noValidate
    >
      <Card title={connection?.name ?? words.newTitle}>
        <div className={styles.fields}>
          {!connection && <TextField label={words.name} hint={words.nameHint} {...field("name")} />}
          <div className={styles.full}>
            <Segmented<SiteKind>
              label={words.kind}
              value={form.kind}
              onChange={(kind) => {
                setForm({ ...form, kind });
              }}
              options={[
                { id: "live", label: words.kinds.live },
                { id: "test", label: words.kinds.test },
              ]}
            />
            <p className={styles.note}>{words.kindNote}</p>
          </div>
          <div className={styles.full}>
            <TextField
              label={words.baseUrl}
              hint={words.required}
              description={words.baseUrlNote}
              type="url"
              {...field("baseUrl")}
            />
          </div>
          <TextField
            label={words.username}
            hint={words.required}
            description={words.usernameNote}
            autoComplete="off"
            {...field("username")}
          />
          <TextField
            label={words.password}
            hint={keepsPassword(form, connection) ? words.passwordKept : words.required}
            description={words.passwordNote}
            type="password"
            autoComplete="new-password"
            {...field("password")}
          />
          <div className={styles.full}>
            <ComboBox label={words.timeZone} options={timeZones()} {...field("timeZone")} />
            <p className={styles.note}>{words.timeZoneNote}</p>
          </div>
          <div className={styles.full}>
            <Segmented<DateChoice>
              label={words.dateOrder}
              value={form.dateOrder}
              onChange={(dateOrder) => {
                setForm({ ...form, dateOrder });
              }}
              options={(["zone", "m/d", "d/m"] as const).map((id) => ({
                id,
                label: words.dateOrders[id],
              }))}
            />
            <p className={styles.note}>{words.dateOrderNote(orderOf(form, connection))}</p>
          </div>
          <TextField
            label={words.maxConcurrent}
            description={words.maxConcurrentNote}
            inputMode="numeric"
            {...field("maxConcurrent")}
          />
          <TextField
            label={words.writesPerMinute}
            description={words.writesPerMinuteNote}
            inputMode="numeric"
            {...field("writesPerMinute")}
          />
        </div>
        {save.error && (
          <div className={styles.gap}>
            <ErrorNote error={save.error} />
          </div>
        )}
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" isPending={save.isPending} isDisabled={!changed}>
            {words.saveAndTest}
          </Button>
          {onCancel && (
            <Button variant="quiet" onPress={onCancel}>
              {words.cancel}
            </Button>
          )}
          {connection && changed && (
            <Button
              variant="quiet"
              onPress={() => {
                setForm(kept);
                setAsked(false);
              }}
            >
              {words.discard}
            </Button>
          )}
        </div>
      </Card>
    </form>
  );
}
