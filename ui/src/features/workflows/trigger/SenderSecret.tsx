import { useState } from "react";
import { useRead, useWrite } from "../../../api/queries";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { CopyButton } from "../../../components/CopyButton";
import { ErrorNote, Note, Skeleton } from "../../../components/Notes";
import { Pill } from "../../../components/Pill";
import { Select } from "../../../components/Select";
import { TextField } from "../../../components/TextField";
import { toast } from "../../../components/toast";
import { workflows as words } from "../../../i18n/en";
import { formatDateTime } from "../../../i18n/format";
import styles from "../editor/properties/Form.module.css";
import { useOpened } from "../editor/EditorContext";
import { Field } from "../editor/properties/Field";
import { isWhole, madeUp, usedAs, type Proving } from "./proofs";

/** What the sender proves itself with. It goes to the keyring at once and is never shown again. */
export function SenderSecret({ proof }: { proof: Proving }) {
  const { id } = useOpened();
  return (
    <section className="stack" aria-label={words.secretNames[proof]}>
      {id === undefined ? (
        <Note tone="idle">{words.secretLater}</Note>
      ) : (
        <>
          <Standing id={id} />
          <SetSecret id={id} proof={proof} />
        </>
      )}
    </section>
  );
}

function Standing({ id }: { id: string }) {
  const { data, error, refetch } = useRead("workflow_secret", { id });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={1} />;
  if (!data.isSet) return <Note tone="warn">{words.noSecret}</Note>;
  return (
    <>
      <p className="muted">
        <Pill tone="ok" icon="check">
          {words.secretIsSet}
        </Pill>{" "}
        {data.beforeUntil !== undefined && words.secretBefore(formatDateTime(data.beforeUntil))}
      </p>
      <RemoveSecret id={id} />
    </>
  );
}

function RemoveSecret({ id }: { id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const remove = useWrite("workflow_secret_remove");
  return (
    <div className="row">
      <Button
        variant="quiet"
        onPress={() => {
          setIsOpen(true);
        }}
      >
        {words.secretRemove}
      </Button>
      <ConfirmDialog
        title={words.secretRemoveTitle}
        confirm={words.secretRemove}
        danger
        isOpen={isOpen}
        isPending={remove.isPending}
        onClose={() => {
          setIsOpen(false);
        }}
        onConfirm={() => {
          remove.mutate(
            { id },
            {
              onSuccess: () => {
                setIsOpen(false);
              },
            },
          );
        }}
      >
        <p>{words.secretRemoveLead}</p>
        {remove.error && <ErrorNote error={remove.error} />}
      </ConfirmDialog>
    </div>
  );
}

function SetSecret({ id, proof }: { id: string; proof: Proving }) {
  const isSet = useRead("workflow_secret", { id }).data?.isSet ?? false;
  const [user, setUser] = useState("");
  const [value, setValue] = useState("");
  const [made, setMade] = useState(false);
  const [overlap, setOverlap] = useState("0");
  const set = useWrite("workflow_set_secret");
  const wrongUser = proof === "basic" && user.includes(":") ? words.userWrong : undefined;
  const wrong = isWhole(proof, value) ? set.error?.message : words.secretNotWhole;
  const ready = value !== "" && isWhole(proof, value) && !wrongUser;
  const send = () => {
    const secret = proof === "basic" ? `${user}:${value}` : value;
    set.mutate(
      { id, secret, usedAs: usedAs(proof), ...(isSet && { overlapHours: Number(overlap) }) },
      {
        onSuccess: () => {
          setValue("");
          setMade(false);
          toast("ok", words.secretKept);
        },
      },
    );
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send();
      }}
    >
      {proof === "basic" && (
        <Field name="secret">
          <TextField
            label={words.user}
            value={user}
            onChange={setUser}
            error={wrongUser}
            autoComplete="off"
            mono
          />
        </Field>
      )}
      <Field name={proof === "basic" ? "password" : "secret"}>
        <TextField
          label={words.secretNames[proof]}
          {...(isSet && { hint: words.secretAnother })}
          description={words.secretHints[proof]}
          value={value}
          onChange={(now) => {
            set.reset();
            setMade(false);
            setValue(now);
          }}
          type={made ? "text" : "password"}
          autoComplete="new-password"
          error={wrong}
          mono
        />
      </Field>
      {isSet && (
        <Select
          label={words.secretOverlap}
          options={[...words.overlaps]}
          value={overlap}
          onChange={setOverlap}
        />
      )}
      <div className="row">
        <Button type="submit" isPending={set.isPending} isDisabled={!ready}>
          {words.secretKeep}
        </Button>
        {made ? (
          <CopyButton text={value} label={words.secretCopy} />
        ) : (
          <Button
            variant="quiet"
            onPress={() => {
              set.reset();
              setValue(madeUp(proof));
              setMade(true);
            }}
          >
            {words.secretMake}
          </Button>
        )}
      </div>
      {made && <p className={styles.preview}>{words.secretMadeHint}</p>}
    </form>
  );
}
