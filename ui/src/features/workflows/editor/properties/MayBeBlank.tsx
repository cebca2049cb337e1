import { Switch } from "../../../../components/Switch";
import { workflows as words } from "../../../../i18n/en";
import { asList, templates, type Action } from "../../../../workflow/file";
import { Field, useSet } from "./Field";

/** Which values of a lookup may be blank: they are left out then. Else the step fails. */
export function MayBeBlank({ action, member }: { action: Action; member: "match" | "query" }) {
  const set = useSet(action);
  const allowed = asList(action.allowBlank);
  const names = templates(action, member).map(([name]) => name);
  // What is allowed and not there any more can be taken away.
  const shown = [...names, ...allowed.filter((name): name is string => isStray(name, names))];
  if (shown.length === 0) return null;
  return (
    <Field name="allowBlank">
      <div className="stack" role="group" aria-label={words.allowBlank}>
        <h3>{words.allowBlank}</h3>
        <p>{words.allowBlankHint}</p>
        {shown.map((name) => (
          <Switch
            key={name}
            value={allowed.includes(name)}
            onChange={(on) => {
              const now = on ? [...allowed, name] : allowed.filter((each) => each !== name);
              set({ allowBlank: now.length === 0 ? undefined : now });
            }}
          >
            {name}
          </Switch>
        ))}
      </div>
    </Field>
  );
}

function isStray(name: unknown, names: string[]): boolean {
  return typeof name === "string" && !names.includes(name);
}
