import type { Step } from "../../api/bindings";
import { JsonView } from "../../components/JsonView";
import { runs as words } from "../../i18n/en";
import { formatDuration } from "../../i18n/format";
import { Headers } from "./Headers";
import styles from "./Run.module.css";

/** The very request and answer, secrets left out by the server. */
export function ExchangeView({
  request,
  response,
}: {
  request: Step["request"];
  response: Step["response"];
}) {
  if (request == null) return <p className="muted">{words.noExchange}</p>;
  return (
    <div className={styles.exchange}>
      <div>
        <h3 className={styles.wire}>
          {request.method} {request.url}
        </h3>
        <Headers headers={request.headers} />
        <Body body={request.body} />
      </div>
      <div>
        {response == null ? (
          <p className="muted">{words.noAnswer}</p>
        ) : (
          <>
            <h3 className={styles.wire}>
              {words.answered(response.status, formatDuration(response.ms))}
            </h3>
            <Headers headers={response.headers} />
            <Body body={response.body} />
          </>
        )}
      </div>
    </div>
  );
}

function Body({ body }: { body: unknown }) {
  return body == null ? <p className="faint">{words.noBody}</p> : <JsonView value={body} />;
}
