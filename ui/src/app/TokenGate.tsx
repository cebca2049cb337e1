import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { setToken } from "../api/session";
import { Button } from "../components/Button";
import { TextField } from "../components/TextField";
import { shell } from "../i18n/en";
import styles from "./Shell.module.css";

/** A browser tab without the token, or with an old one. */
export function TokenGate() {
  const client = useQueryClient();
  const [text, setText] = useState("");
  return (
    <form
      className={styles.gate}
      onSubmit={(event) => {
        event.preventDefault();
        setToken(text);
        void client.resetQueries();
      }}
    >
      <h1>{shell.token.title}</h1>
      <p className="muted">{shell.token.lead}</p>
      <TextField label={shell.token.label} type="password" value={text} onChange={setText} mono />
      <div>
        <Button type="submit" variant="primary">
          {shell.token.open}
        </Button>
      </div>
    </form>
  );
}
