import { workflows as words } from "../../../../i18n/en";
import { list } from "../../../../i18n/format";
import { columnNamed, activityColumns } from "../../../../workflow/activity";
import {
  allActions,
  asList,
  schemaOf,
  templates,
  text,
  type Action,
  type WorkflowFile,
} from "../../../../workflow/file";
import type { Exit } from "./exits";

/** What a step is called: its own name, or what it is. */
export function titleOf(action: Action): string {
  return text(action, "name") || words.types[action.type].label;
}

/** One line of what an action does, for its card. */
export function summaryOf(action: Action): string {
  switch (action.type) {
    case "jsonSchemaValidation": {
      const required = asList(schemaOf(action).required).filter((name) => typeof name === "string");
      const known = Object.keys(schemaOf(action)).length > 0;
      return required.length > 0
        ? words.sub.required(required.join(", "))
        : known
          ? words.sub.schema
          : words.sub.noSchema;
    }
    case "insertActivity": {
      const type = field(action, "ACTIVITY_TYPE");
      return type === "" ? words.sub.noType : words.sub.activity(type, field(action, "PartyId"));
    }
    case "insertPanelRecord":
      return text(action, "panel") || words.sub.noPanel;
    case "gate":
      return text(action, "expression") || words.sub.noExpression;
    case "alreadyRecorded":
      return words.sub.match(list(templates(action, "match").map(([name]) => name)));
    case "imisGet":
      return text(action, "path") || words.sub.noPath;
    case "forEach":
      return words.sub.each(text(action, "list"));
    case "httpRequest":
      return `${text(action, "method")} ${text(action, "url")}`;
    case "notify":
      return text(action, "title") || text(action, "message") || words.sub.noMessage;
  }
}

function field(action: Action, property: string): string {
  return (
    templates(action, "fields").find(
      ([name]) => columnNamed(activityColumns, name)?.name === property,
    )?.[1] ?? ""
  );
}

/** A way out of a step: when it is taken, and where it leads. */
export function exitWords({ member, way, to }: Exit, file: WorkflowFile): string {
  const target = allActions(file.actions).find(({ id }) => id === to);
  const where =
    way === "goTo"
      ? words.exits.goTo(target ? titleOf(target) : (to ?? ""))
      : (words.exits[way as keyof typeof words.exits] as string | undefined);
  return words.exitWhen[member](where ?? way);
}

/** The token stays off the screen where nobody asked for it. */
export function maskedUrl(url: string): string {
  const path = url.replace(/^https?:\/\/[^/]+/, "");
  return path.replace(/[^/]+$/, "••••••••");
}
