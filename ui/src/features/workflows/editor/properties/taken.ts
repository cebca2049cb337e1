import { toast } from "../../../../components/toast";
import { workflows as words } from "../../../../i18n/en";

/** What is put at the cursor; nothing, and a word about it, where a name cannot be written there. */
export function taken(code: string | undefined): string {
  if (code === undefined) toast("warn", words.nameCannotStand);
  return code ?? "";
}
