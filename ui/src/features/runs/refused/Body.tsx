import type { DeliveryDetail } from "../../../api/bindings";
import { JsonView } from "../../../components/JsonView";
import { TextView } from "../../../components/TextView";
import { deliveries as words } from "../../../i18n/en";
import { formatBytes } from "../../../i18n/format";
import { tryParse } from "../../../json";

/** The very body that came: as JSON where it is some, else as the text it is. */
export function Body({ detail: { delivery, body, bodyBase64 } }: { detail: DeliveryDetail }) {
  if (bodyBase64 !== undefined) {
    return <TextView text={bodyBase64} title={words.bodyBinary(formatBytes(delivery.bytes))} />;
  }
  if (body === undefined) {
    return <p className="muted">{delivery.bytes === 0 ? words.bodyNone : words.bodyGone}</p>;
  }
  const parsed = tryParse(body);
  return "value" in parsed ? (
    <JsonView value={parsed.value} />
  ) : (
    <TextView text={body} title={words.bodyNoJson} />
  );
}
