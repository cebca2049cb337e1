import { handoff as words } from "../../i18n/en";
import type { Sheet } from "./sheet";
import styles from "./Handoff.module.css";

/** The sheet on screen and on paper. */
export function SheetView({ sheet }: { sheet: Sheet }) {
  const { parts } = words;
  return (
    <article className={styles.sheet} aria-label={sheet.title}>
      <h2 className={styles.name}>{sheet.title}</h2>
      {sheet.description !== "" && <p>{sheet.description}</p>}
      <h3>{parts.request}</h3>
      <pre>POST {sheet.url}</pre>
      <Table titles={[parts.header, parts.value]} rows={sheet.headers} />
      <p>{sheet.secret}</p>
      <h3>{parts.sample}</h3>
      <pre>{sheet.sample}</pre>
      {sheet.schema.length > 0 && (
        <>
          <h3>{parts.schema}</h3>
          <Table
            titles={[parts.field, parts.what]}
            rows={sheet.schema.map(({ path, required, what }) => [
              path,
              required ? `${what} (${words.required})` : what,
            ])}
          />
        </>
      )}
      <h3>{parts.answers}</h3>
      <Table titles={[parts.status, parts.meaning]} rows={sheet.answers} />
      <h3>{parts.retry}</h3>
      <ul>
        {sheet.retry.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {sheet.tests.length > 0 && (
        <>
          <h3>{parts.tests}</h3>
          <Table titles={[parts.test, parts.payload]} rows={sheet.tests} />
        </>
      )}
    </article>
  );
}

function Table({ titles, rows }: { titles: [string, string]; rows: [string, string][] }) {
  return (
    <table>
      <thead>
        <tr>
          {titles.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, said]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{said}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
