import { activityColumns, columnNamed } from "./activity";
import { allActions, isEnabled, templates, type WorkflowFile } from "./file";
import { onlyName } from "./path";

/** The payload's member that the workflow takes for the iMIS ID. */
export function memberName(file: WorkflowFile): string | undefined {
  for (const action of allActions(file.actions).filter(isEnabled)) {
    for (const [written, template] of templates(action, "fields")) {
      if (columnNamed(activityColumns, written)?.name === "PartyId") {
        const name = onlyName(template);
        if (name !== undefined) return name;
      }
    }
  }
  return undefined;
}
