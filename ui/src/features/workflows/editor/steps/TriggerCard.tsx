import { useRead } from "../../../../api/queries";
import { Pill } from "../../../../components/Pill";
import { workflows as words } from "../../../../i18n/en";
import { formatNumber } from "../../../../i18n/format";
import { CardButton } from "./ActionCard";
import { useOpened } from "../EditorContext";
import { maskedUrl } from "./summaries";

/** Where deliveries come in. */
export function TriggerCard() {
  const { detail } = useOpened();
  const today = detail?.workflow.today.received ?? 0;
  return (
    <CardButton
      step="trigger"
      icon="webhook"
      title={words.trigger}
      sub={<TriggerAddress />}
      aside={today > 0 && <Pill tone="ok">{words.today(formatNumber(today))}</Pill>}
    />
  );
}

/** The URL with its token hidden, or when there will be one. */
function TriggerAddress() {
  const { id } = useOpened();
  const url = useRead("workflow_url", { id: id ?? "" }, { enabled: id !== undefined }).data?.url;
  if (url !== undefined) return <span className="mono">{maskedUrl(url)}</span>;
  return id === undefined ? words.urlLaterShort : words.urlHidden;
}
