import { Pill } from "../../components/Pill";
import { common, sender as words } from "../../i18n/en";
import type { Scenario } from "./scenarios";
import type { Verdict } from "./verdict";

export function VerdictPill({
  verdict,
  expected,
}: {
  verdict: Verdict;
  expected: Scenario["expect"];
}) {
  switch (verdict) {
    case "goingOn":
      return (
        <Pill tone="busy" icon="clock">
          {words.goingOn}
        </Pill>
      );
    case "asExpected":
      return (
        <Pill tone="ok" icon="check">
          {words.asExpected}
        </Pill>
      );
    case "otherAnswer":
      return (
        <Pill tone="warn" icon="hand">
          {words.notExpected(expected.answer)}
        </Pill>
      );
    case "otherEnd":
      return (
        <Pill tone="warn" icon="hand">
          {words.notExpectedEnd(ending(expected))}
        </Pill>
      );
  }
}

/** "succeeded", in words; empty when no run is expected. */
function ending({ status }: Scenario["expect"]): string {
  return status === undefined ? "" : common.status[status].toLowerCase();
}
