import { useState } from "react";
import { useWrite } from "../../api/queries";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/Notes";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toast";
import { settings as words } from "../../i18n/en";
import styles from "./Settings.module.css";

/** Secrets are written only: there is no way to see one again. */
export function SecretCard() {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const set = useWrite("secret_set");
  const known = /^\w+$/.test(name);
  const send = (kept: string | undefined) => {
    set.mutate(
      { name, ...(kept !== undefined && { value: kept }) },
      {
        onSuccess: () => {
          setValue("");
          toast("ok", kept === undefined ? words.secretForgotten(name) : words.secretKept(name));
        },
      },
    );
  };
  return (
    <Card title={words.secret}>
      <form
        className={styles.backup}
        onSubmit={(event) => {
          event.preventDefault();
          if (known && value !== "") send(value);
        }}
      >
        <p className="muted">{words.secretNote}</p>
        <div className={styles.fields}>
          <TextField
            label={words.secretName}
            value={name}
            onChange={setName}
            error={name === "" || known ? undefined : words.secretNameWrong}
            mono
          />
          <TextField
            label={words.secretValue}
            value={value}
            onChange={setValue}
            type="password"
            autoComplete="new-password"
          />
        </div>
        <div className="row">
          <Button type="submit" isPending={set.isPending} isDisabled={!known || value === ""}>
            {words.secretKeep}
          </Button>
          <Button
            variant="quiet"
            isDisabled={!known || set.isPending}
            onPress={() => {
              send(undefined);
            }}
          >
            {words.secretForget}
          </Button>
        </div>
        {set.error && <ErrorNote error={set.error} />}
      </form>
    </Card>
  );
}
