import { Select } from "../../../../components/Select";
import { Switch } from "../../../../components/Switch";
import { workflows as words } from "../../../../i18n/en";
import { asList, pretty, text, type Action } from "../../../../workflow/file";
import { FreeEntries } from "./Entries";
import { useSet } from "./Field";
import { TemplateField } from "./TemplateField";
import { NumberField } from "./WrittenFields";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((id) => ({ id, label: id }));

export function HttpRequestForm({ action }: { action: Action }) {
  const set = useSet(action);
  const { body } = action;
  const failOn = asList(action.failOn);
  const method = text(action, "method") || "GET";
  return (
    <>
      <Select
        label={words.method}
        options={methods}
        value={method}
        onChange={(value) => {
          set({ method: value });
        }}
      />
      <TemplateField
        field="url"
        label={words.address}
        hint={words.required}
        value={text(action, "url")}
        onChange={(url) => {
          set({ url });
        }}
      />
      <FreeEntries
        action={action}
        member="headers"
        title={words.headers}
        nameLabel={words.headerName}
      />
      {method !== "GET" && (
        <TemplateField
          field="body"
          label={words.body}
          multiline
          value={typeof body === "string" ? body : body === undefined ? "" : pretty(body)}
          onChange={(value) => {
            set({ body: value === "" ? undefined : value });
          }}
        />
      )}
      <NumberField
        field="timeoutSeconds"
        label={words.timeout}
        hint={words.optional}
        description={words.timeoutHint}
        value={action.timeoutSeconds}
        onChange={(timeoutSeconds) => {
          set({ timeoutSeconds });
        }}
      />
      <h3>{words.failOn}</h3>
      {(["4xx", "5xx", "empty"] as const).map((kind) => (
        <Switch
          key={kind}
          value={failOn.includes(kind)}
          onChange={(on) => {
            set({ failOn: on ? [...failOn, kind] : failOn.filter((each) => each !== kind) });
          }}
        >
          {words.failKinds[kind]}
        </Switch>
      ))}
    </>
  );
}
