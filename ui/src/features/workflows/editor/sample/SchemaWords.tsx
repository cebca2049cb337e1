import { visible } from "../../../../components/visible";
import { workflows as words } from "../../../../i18n/en";
import type { Json } from "../../../../workflow/file";
import { describe } from "../../../../workflow/schemaWords";
import styles from "./Samples.module.css";

/** A schema as a table that anybody can read. */
export function SchemaWords({ schema }: { schema: Json }) {
  const lines = describe(schema);
  if (lines.length === 0) return <p className="muted">{words.schemaSaysNothing}</p>;
  return (
    <table className={styles.evidence} aria-label={words.schemaInWords}>
      <tbody>
        {lines.map(({ path, required, what }) => (
          <tr key={path}>
            <th scope="row">
              <code>{visible(path)}</code>
            </th>
            <td>{visible(what)}</td>
            <td className={required ? undefined : "faint"}>
              {required ? words.required : words.optional}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
