import { Switch } from "../../../../components/Switch";
import { workflows as words } from "../../../../i18n/en";
import { flag, type Action } from "../../../../workflow/file";
import { useSet } from "./Field";

/** Whether the member is looked up before the record is written. */
export function CheckMember({ action }: { action: Action }) {
  const set = useSet(action);
  return (
    <Switch
      value={flag(action, "checkMember", true)}
      onChange={(check) => {
        set({ checkMember: check ? undefined : false });
      }}
      description={words.checkMemberHint}
    >
      {words.checkMember}
    </Switch>
  );
}
