import type { PreviewField } from "../../../../api/bindings";
import { Skeleton } from "../../../../components/Notes";
import { visible } from "../../../../components/visible";
import { ValueList } from "../../../../components/ValueList";
import { workflows as words } from "../../../../i18n/en";
import { asObject, text, type Action } from "../../../../workflow/file";
import { isOpen } from "../../../../workflow/names";
import styles from "./Drawer.module.css";
import { useSelection, useTrial } from "../EditorContext";
import { usePreview } from "./usePreview";

/** As many as one can take in; the run's page lists them all. */
const mostBroken = 20;

/** What the selected step would make of the sample. */
export function StepPreview() {
  const { action } = useSelection();
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
  switch (action.type) {
    case "jsonSchemaValidation":
      return <SchemaMade action={action} />;
    case "gate":
      return <GateMade action={action} />;
    case "forEach":
      return <p className="muted">{words.eachMade}</p>;
    default:
      return <Fields />;
  }
}

/** Every field as it would leave, in the order of the file, and what is wrong with it. */
function Fields() {
  const { sample, fields } = useTrial();
  if (!sample) return <p className="muted">{words.madeNeedsSample}</p>;
  if (fields === undefined) return <Skeleton lines={2} />;
  const filled = fields.filter(({ text: made, value, problems }) =>
    [made, value ?? "", ...problems].some((said) => said !== ""),
  );
  if (filled.length === 0) return <p className="muted">{words.nothingFilled}</p>;
  return (
    <ValueList
      entries={filled.map((field) => ({
        id: field.path,
        name: nameOf(field),
        value: <Filled field={field} />,
      }))}
    />
  );
}

/** A member of the step itself is called as in its form; one within it as the workflow writes it. */
function nameOf({ path, name }: PreviewField): string {
  return path.lastIndexOf("/") === 0 ? (words.memberLabels[name] ?? name) : name;
}

function Filled({ field: { text: made, value = made, problems } }: { field: PreviewField }) {
  return (
    <>
      {value.trim() === "" ? <span className="faint">{words.blank}</span> : visible(value)}
      {problems.map((problem) => (
        <span key={problem} className={styles.warn}>
          {" "}
          {visible(problem)}
        </span>
      ))}
    </>
  );
}

function SchemaMade({ action }: { action: Action }) {
  const { sample, fields, error, open } = useTrial();
  if (isBlank(action.schema)) return <p className="muted">{words.sub.noSchema}</p>;
  if (!sample) return <p className="muted">{words.madeNeedsSample}</p>;
  if (isGuess(action, open)) return <p className="muted">{words.madeLater}</p>;
  if (fields === undefined) return <Skeleton lines={2} />;
  if (!error) return <p className="muted">{words.sampleFits}</p>;
  const said = error.violations?.map(({ message }) => message) ?? [error.message];
  const count = said.length + (error.more ?? 0);
  return (
    <>
      <p className={styles.bad}>{words.sampleBreaks(count)}</p>
      <ul className={styles.broken}>
        {said.slice(0, mostBroken).map((message, at) => (
          <li key={at} dir="auto">
            {visible(message)}
          </li>
        ))}
      </ul>
      {count > mostBroken && <p className="muted">{words.andMore(count - mostBroken)}</p>}
    </>
  );
}

/** Whether a validation looks into what an earlier step will put out, which is not known before it ran. */
function isGuess(action: Action, open: ReadonlySet<string>): boolean {
  const path = text(action, "path").trim();
  return path !== "" && isOpen(path.replace(/^\//, "").replaceAll("/", "."), open);
}

/** Nothing was written yet: every payload passes. */
function isBlank(schema: unknown): boolean {
  return typeof schema === "string"
    ? schema.trim() === ""
    : Object.keys(asObject(schema)).length === 0;
}

function GateMade({ action }: { action: Action }) {
  const { sample } = useTrial();
  const expression = text(action, "expression");
  const preview = usePreview(expression, "expression");
  if (expression.trim() === "") return <p className="muted">{words.gateAlways}</p>;
  if (!sample) return <p className="muted">{words.madeNeedsSample}</p>;
  if (!preview) return <Skeleton lines={1} />;
  return (
    <>
      <p className="muted">{preview.text.trim() === "true" ? words.gateHolds : words.gatePasses}</p>
      {preview.problems.map((problem) => (
        <p key={problem} className={styles.warn}>
          {visible(problem)}
        </p>
      ))}
    </>
  );
}
