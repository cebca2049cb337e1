import { common, sender as words } from "../../i18n/en";
import type { Scenario } from "./scenarios";

/** "Should be answered 200 and end as: succeeded." */
export function expectation({ answer, status }: Scenario["expect"]): string {
  return words.expects(answer, status === undefined ? "" : common.status[status].toLowerCase());
}

/** "200, succeeded" */
export function brief({ answer, status }: Scenario["expect"]): string {
  return status === undefined
    ? String(answer)
    : `${answer}, ${common.status[status].toLowerCase()}`;
}
