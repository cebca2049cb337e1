import { workflows as words } from "../../../../i18n/en";
import { activityColumns, columnNamed } from "../../../../workflow/activity";
import {
  allActions,
  isEnabled,
  templates,
  text,
  type WorkflowFile,
} from "../../../../workflow/file";
import { hasCode } from "../sample/usePreview";

/** The activity types and panels that a workflow names, in words; those that only a payload names are not known. */
export function wants(file: WorkflowFile): string[] {
  const found = allActions(file.actions)
    .filter(isEnabled)
    .flatMap((action) => {
      if (action.type === "insertPanelRecord") return [words.needsPanel(text(action, "panel"))];
      if (action.type !== "insertActivity") return [];
      return templates(action, "fields").flatMap(([name, value]) =>
        columnNamed(activityColumns, name)?.name === "ACTIVITY_TYPE" && !hasCode(value)
          ? [words.needsType(value)]
          : [],
      );
    });
  return [...new Set(found)];
}
