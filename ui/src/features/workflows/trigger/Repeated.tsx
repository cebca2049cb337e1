import { Select } from "../../../components/Select";
import { TextField } from "../../../components/TextField";
import { visible } from "../../../components/visible";
import { workflows as words } from "../../../i18n/en";
import { asObject, text, type Json } from "../../../workflow/file";
import { atPointer, pointerTo } from "../../../workflow/path";
import styles from "../editor/properties/Form.module.css";
import { useTarget, useTrial } from "../editor/EditorContext";
import { Field, useProblem } from "../editor/properties/Field";
import { TemplateField } from "../editor/properties/TemplateField";
import { useTrigger } from "./useTrigger";
import { NumberField } from "../editor/properties/WrittenFields";

const kinds = ["header", "pointer", "template"] as const;
type Kind = (typeof kinds)[number];

/** `pointer:/messageStub` as its two parts. */
function partsOf(from: string): { kind: Kind; what: string } {
  const kind = kinds.find((each) => from.startsWith(`${each}:`)) ?? "pointer";
  return { kind, what: from.startsWith(`${kind}:`) ? from.slice(kind.length + 1) : from };
}

/** A pointer begins at the payload, also where nobody thinks of the stroke in front of it. */
function rooted(pointer: string): string {
  return pointer === "" || pointer.startsWith("/") ? pointer : `/${pointer}`;
}

const begins: Record<Kind, string> = {
  header: "header:X-Delivery-Id",
  pointer: "pointer:",
  template: "template:",
};

/** By what a delivery is known that comes a second time. */
export function Repeated() {
  const { trigger, set, setIn } = useTrigger();
  const idempotency = asObject(trigger.idempotency);
  const { kind, what } = partsOf(text(idempotency, "from"));
  const chosen: Kind | "none" = trigger.idempotency === undefined ? "none" : kind;
  const change = (changes: Json) => {
    setIn("idempotency", changes);
  };
  return (
    <section className={styles.group} aria-labelledby="repeated">
      <h3 id="repeated">{words.repeated}</h3>
      <Field name="idempotency">
        <Select
          label={words.repeatedBy}
          options={[...words.repeatedKinds]}
          value={chosen}
          onChange={(wanted) => {
            if (wanted === "none") set({ idempotency: undefined });
            else change({ from: begins[wanted] });
          }}
          description={words.repeatedHints[chosen === "none" ? "none" : "some"]}
        />
      </Field>
      {chosen !== "none" && (
        <>
          <From
            kind={kind}
            what={what}
            onChange={(now) => {
              change({ from: `${kind}:${kind === "pointer" ? rooted(now) : now}` });
            }}
          />
          <NumberField
            field="idempotency/windowHours"
            label={words.window}
            hint={words.optional}
            description={words.windowHint}
            value={idempotency.windowHours}
            onChange={(windowHours) => {
              change({ windowHours });
            }}
          />
        </>
      )}
    </section>
  );
}

function From({
  kind,
  what,
  onChange,
}: {
  kind: Kind;
  what: string;
  onChange: (what: string) => void;
}) {
  const problem = useProblem("idempotency/from");
  const { sample } = useTrial();
  const { takeInto } = useTarget();
  if (kind === "template") {
    return (
      <TemplateField
        field="idempotency/from"
        label={words.repeatedFrom.template}
        hint={words.required}
        value={what}
        onChange={onChange}
        ofStep={false}
      />
    );
  }
  const here = kind === "pointer" ? atPointer(sample?.payload, what) : undefined;
  return (
    <Field name="idempotency/from">
      <div
        onFocusCapture={() => {
          if (kind === "pointer") {
            takeInto((path) => {
              onChange(pointerTo(path));
            });
          }
        }}
      >
        <TextField
          label={words.repeatedFrom[kind]}
          hint={words.required}
          {...(kind === "pointer" && { description: words.repeatedPointerHint })}
          mono
          value={what}
          onChange={onChange}
          error={problem}
        />
      </div>
      {kind === "pointer" && sample !== undefined && what.length > 1 && (
        <p className={styles.preview}>
          <span aria-hidden="true">→</span>
          {here === undefined ? words.notInSample : <code>{visible(JSON.stringify(here))}</code>}
        </p>
      )}
    </Field>
  );
}
