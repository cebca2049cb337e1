import { useState } from "react";
import type { Settings } from "../../api/bindings";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote, Note } from "../../components/Notes";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { settings as words } from "../../i18n/en";
import { faultsOf, formOf, requestOf, type Form } from "./form";
import styles from "./Settings.module.css";

export function SettingsForm({ settings, unread }: { settings: Settings; unread: string[] }) {
  const kept = formOf(settings);
  const [edits, setEdits] = useState<Partial<Form>>({});
  const form = { ...kept, ...edits };
  const save = useWrite("settings_save");
  const faults = faultsOf(form);
  const changed = JSON.stringify(form) !== JSON.stringify(kept);
  // What cannot be read is saved anew as it stands here, changed or not.
  const savable = (changed || unread.length > 0) && Object.keys(faults).length === 0;
  const field = (name: Exclude<keyof Form, "proxyHeader" | "outgoing">) => ({
    value: form[name],
    onChange: (value: string) => {
      setEdits({ ...edits, [name]: value });
    },
    error: faults[name],
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!savable) return;
        save.mutate(requestOf(form), {
          onSuccess: () => {
            setEdits({});
            toast("ok", words.saved);
          },
        });
      }}
    >
      <Card
        title={words.receiving}
        actions={
          <>
            {changed && <span className="muted">{words.unsaved}</span>}
            <Button
              type="submit"
              variant="primary"
              isPending={save.isPending}
              isDisabled={!savable}
            >
              {words.save}
            </Button>
          </>
        }
      >
        {unread.length > 0 && (
          <div className={styles.above}>
            <Note title={words.unread}>{unread.join(" ")}</Note>
          </div>
        )}
        <div className={styles.fields}>
          <div className={styles.full}>
            <TextField
              label={words.publicBaseUrl}
              description={words.publicBaseUrlNote}
              type="url"
              {...field("publicBaseUrl")}
            />
          </div>
          <TextField
            label={words.maxBody}
            description={words.maxBodyNote}
            inputMode="decimal"
            {...field("maxBody")}
          />
          <TextField
            label={words.retention}
            description={words.retentionNote}
            inputMode="numeric"
            {...field("retention")}
          />
          <TextField
            label={words.retentionSize}
            description={words.retentionSizeNote}
            inputMode="numeric"
            {...field("retentionSize")}
          />
          <TextField
            label={words.trustedProxies}
            hint={words.onePerLine}
            description={words.trustedProxiesNote}
            rows={2}
            mono
            {...field("trustedProxies")}
          />
          <Select<Form["proxyHeader"]>
            label={words.proxyHeader}
            description={words.proxyHeaderNote}
            options={[
              { id: "xForwardedFor", label: "X-Forwarded-For" },
              { id: "forwarded", label: "Forwarded (RFC 7239)" },
            ]}
            value={form.proxyHeader}
            onChange={(proxyHeader) => {
              setEdits({ ...edits, proxyHeader });
            }}
          />
          <TextField
            label={words.allowPrivateAddresses}
            hint={words.onePerLine}
            description={words.allowPrivateAddressesNote}
            rows={2}
            mono
            {...field("allowPrivateAddresses")}
          />
          <Select<Form["outgoing"]>
            label={words.outgoing}
            description={words.outgoingNote}
            options={(["system", "none", "own"] as const).map((id) => ({
              id,
              label: words.outgoings[id],
            }))}
            value={form.outgoing}
            onChange={(outgoing) => {
              setEdits({ ...edits, outgoing });
            }}
          />
          {form.outgoing === "own" && (
            <TextField
              label={words.outgoingAddress}
              description={words.outgoingAddressNote}
              type="url"
              {...field("outgoingAddress")}
            />
          )}
        </div>
        {save.error && (
          <div className={styles.gap}>
            <ErrorNote error={save.error} />
          </div>
        )}
      </Card>
    </form>
  );
}
