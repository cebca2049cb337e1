import { Select } from "../../../components/Select";
import { workflows as words } from "../../../i18n/en";
import { asObject, text, type Json } from "../../../workflow/file";
import styles from "../editor/properties/Form.module.css";
import { Field, useProblem } from "../editor/properties/Field";
import { begin, proofOf, proofs, schemeOf } from "./proofs";
import { SenderSecret } from "./SenderSecret";
import { useTrigger } from "./useTrigger";
import { MemberField, NumberField } from "../editor/properties/WrittenFields";

/** How the sender proves that it is the one, beside knowing the URL. */
export function Authentication() {
  const { trigger, set, setIn } = useTrigger();
  const proof = proofOf(trigger.authentication);
  const scheme = schemeOf(proof);
  const problem = useProblem("authentication/kind");
  const authentication = asObject(trigger.authentication);
  const change = (changes: Json) => {
    setIn("authentication", changes);
  };
  return (
    <>
      <Field name="authentication">
        <Select
          label={words.proof}
          options={proofs.map((id) => ({ id, ...words.proofs[id] }))}
          value={proof}
          onChange={(chosen) => {
            set({ authentication: begin(chosen) });
          }}
          description={
            problem === undefined ? (
              words.proofHints[proof]
            ) : (
              <span className={styles.bad}>{problem}</span>
            )
          }
        />
      </Field>
      {(proof === "header" || proof === "custom") && (
        <>
          <MemberField
            field="authentication/header"
            label={words.proofHeader}
            hint={words.required}
            value={authentication.header}
            onChange={(header) => {
              change({ header: header ?? "" });
            }}
          />
          <MemberField
            field="authentication/prefix"
            label={words.proofPrefix}
            hint={words.optional}
            description={words.proofPrefixHints[proof]}
            value={authentication.prefix}
            onChange={(prefix) => {
              change({ prefix });
            }}
          />
        </>
      )}
      {proof === "custom" && <Signature authentication={authentication} change={change} />}
      {scheme?.hasTime && (
        <NumberField
          field="authentication/toleranceSeconds"
          label={words.tolerance}
          hint={words.optional}
          description={
            proof === "custom"
              ? words.toleranceHeader
              : words.toleranceHint(scheme.toleranceSeconds)
          }
          value={authentication.toleranceSeconds}
          onChange={(toleranceSeconds) => {
            change({ toleranceSeconds });
          }}
        />
      )}
      {proof !== "none" && <SenderSecret key={proof} proof={proof} />}
    </>
  );
}

function Signature({
  authentication,
  change,
}: {
  authentication: Json;
  change: (changes: Json) => void;
}) {
  return (
    <>
      <Field name="authentication/algorithm">
        <Select
          label={words.algorithm}
          options={[...words.algorithms]}
          value={text(authentication, "algorithm") || "sha256"}
          onChange={(algorithm) => {
            change({ algorithm });
          }}
        />
      </Field>
      <Field name="authentication/encoding">
        <Select
          label={words.encoding}
          options={[...words.encodings]}
          value={text(authentication, "encoding") || "hex"}
          onChange={(encoding) => {
            change({ encoding });
          }}
        />
      </Field>
    </>
  );
}
