import type { ReactNode } from "react";
import { workflows as words } from "../../i18n/en";
import { visible } from "../../components/visible";
import { list } from "../../i18n/format";
import {
  activityColumns,
  columnNamed,
  panelColumns,
  type KnownColumn,
} from "../../workflow/activity";
import { asList, schemaOf, templates, text, type Action } from "../../workflow/file";
import styles from "./Editor.module.css";
import { useEditor } from "./EditorContext";
import { conditionTemplate, usePreview } from "./usePreview";

/** What the selected step would make of the sample. */
export function StepPreview() {
  const { action } = useEditor();
  return (
    <section aria-label={words.made}>
      <div className={styles.drawerHead}>
        <h2>{action?.type.startsWith("insert") === true ? words.wouldWrite : words.made}</h2>
      </div>
      {action ? <Made action={action} /> : <p className="muted">{words.madePick}</p>}
    </section>
  );
}

function Made({ action }: { action: Action }) {
  const { metadata } = useEditor();
  switch (action.type) {
    case "insertActivity":
      return <Entries entries={templates(action, "fields")} columns={activityColumns} />;
    case "insertPanelRecord": {
      const panel = metadata?.panels.find(({ name }) => name === text(action, "panel"));
      return (
        <Entries
          entries={templates(action, "fields")}
          columns={panelColumns(panel?.columns ?? [])}
        />
      );
    }
    case "jsonSchemaValidation":
      return <SchemaMade action={action} />;
    case "gate":
      return <GateMade action={action} />;
    case "alreadyRecorded":
      return <Entries entries={templates(action, "match")} columns={activityColumns} />;
    case "notify":
      return <Entries entries={members(action, ["title", "message"])} columns={[]} />;
    case "httpRequest":
      return <Entries entries={members(action, ["url", "body"])} columns={[]} />;
    case "imisGet":
      return (
        <Entries
          entries={[...members(action, ["path"]), ...templates(action, "query")]}
          columns={[]}
        />
      );
    case "forEach":
      return <p className="muted">{words.eachMade}</p>;
  }
}

function members(action: Action, names: string[]): [string, string][] {
  return names.map((name) => [name, text(action, name)]);
}

function Entries({ entries, columns }: { entries: [string, string][]; columns: KnownColumn[] }) {
  const { sample } = useEditor();
  const filled = entries.filter(([, template]) => template.trim() !== "");
  if (filled.length === 0) return <p className="muted">{words.nothingFilled}</p>;
  if (!sample) return <p className="muted">{words.madeNeedsSample}</p>;
  return (
    <dl className={styles.made}>
      {filled.map(([name, template]) => (
        <Entry key={name} name={columnNamed(columns, name)?.name ?? name} template={template} />
      ))}
    </dl>
  );
}

function Entry({ name, template }: { name: string; template: string }) {
  const preview = usePreview(template);
  const blank: ReactNode = <span className="faint">{words.blank}</span>;
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">
        {preview === undefined ? "…" : preview.text.trim() === "" ? blank : visible(preview.text)}
      </dd>
    </>
  );
}

function SchemaMade({ action }: { action: Action }) {
  const { sample } = useEditor();
  const schema = schemaOf(action);
  if (Object.keys(schema).length === 0) return <p className="muted">{words.sub.noSchema}</p>;
  if (!sample) return <p className="muted">{words.madeNeedsSample}</p>;
  const required = asList(schema.required).filter((name) => typeof name === "string");
  const payload = Object.keys(sample.payload ?? {});
  const missing = required.filter((name) => !payload.includes(name));
  return (
    <p className={missing.length > 0 ? styles.bad : "muted"}>
      {missing.length > 0
        ? words.sampleLacks(list(missing))
        : required.length === 0
          ? words.nothingRequired
          : words.sampleHas(list(required))}
    </p>
  );
}

function GateMade({ action }: { action: Action }) {
  const { sample } = useEditor();
  const expression = text(action, "expression");
  const preview = usePreview(expression.trim() === "" ? "" : conditionTemplate(expression));
  if (expression.trim() === "") return <p className="muted">{words.gateAlways}</p>;
  if (!sample || !preview) return <p className="muted">{words.madeNeedsSample}</p>;
  return (
    <>
      <p className="muted">{preview.text.trim() === "true" ? words.gateHolds : words.gatePasses}</p>
      {preview.problems.map((problem) => (
        <p key={problem} className={styles.warn}>
          {problem}
        </p>
      ))}
    </>
  );
}
