import { useState } from "react";
import { useRead } from "../../api/queries";
import { Button } from "../../components/Button";
import { ComboBox } from "../../components/ComboBox";
import { sender as words } from "../../i18n/en";
import { tryParse } from "../../json";
import { asObject, pretty } from "../../workflow/file";
import styles from "./Sender.module.css";

/** Puts a member's ID into the payload: one of the sandbox, or any that is typed. */
export function MemberPicker({
  name,
  body,
  onChange,
}: {
  /** The payload's member that holds it; undefined where the workflow takes none. */
  name: string | undefined;
  body: string;
  onChange: (body: string) => void;
}) {
  const [id, setId] = useState("");
  const { data } = useRead(
    "member_list",
    { connection: "sandbox", limit: 50, ...(id.trim() !== "" && { search: id.trim() }) },
    { keep: true },
  );
  const parsed = tryParse(body);
  if (name === undefined || "fault" in parsed) return null;
  return (
    <div className={styles.member}>
      <ComboBox
        label={words.member.label(name)}
        hint={words.member.hint}
        options={(data?.members ?? []).map((member) => ({
          id: member.id,
          label: `${member.id} ${member.name}`,
        }))}
        value={id}
        onChange={setId}
      />
      <Button
        isDisabled={id.trim() === ""}
        onPress={() => {
          onChange(pretty({ ...asObject(parsed.value), [name]: id.trim() }));
        }}
      >
        {words.member.use}
      </Button>
    </div>
  );
}
