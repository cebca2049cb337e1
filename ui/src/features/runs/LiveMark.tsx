import { Button } from "../../components/Button";
import { runs as words } from "../../i18n/en";

/** What came while somebody was reading. It is always there, so that using it never loses the focus. */
export function LiveMark({
  held,
  isMore,
  onShow,
}: {
  held: number;
  isMore: boolean;
  onShow: () => void;
}) {
  return (
    <Button
      variant={held > 0 ? "primary" : "quiet"}
      icon={held > 0 ? "up" : "check"}
      onPress={onShow}
    >
      {held > 0 ? words.newRuns(held, isMore) : words.upToDate}
    </Button>
  );
}
