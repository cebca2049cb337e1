import type { Step } from "../api/bindings";
import { asList, asObject, text } from "./file";

export type Written = { member: string; values: { name: string; value: string }[] };

/** What an insert sent to iMIS, read from its request: whose record, and every value. */
export function writtenBy(step: Step): Written | undefined {
  const inserts = step.type === "insertActivity" || step.type === "insertPanelRecord";
  if (!inserts || step.status !== "succeeded") return undefined;
  const body = asObject(step.request?.body);
  const identity = asObject(asObject(body.PrimaryParentIdentity).IdentityElements);
  const parent = asList(identity.$values)[0];
  const properties = asList(asObject(body.Properties).$values).map(asObject);
  const values = properties.map((property) => ({
    name: text(property, "Name"),
    value: valueText(property.Value),
  }));
  const named = values.find(({ name }) => ["partyid", "id"].includes(name.toLowerCase()))?.value;
  return { member: typeof parent === "string" ? parent : (named ?? ""), values };
}

/** A value is bare text, or an object that names its type. */
function valueText(value: unknown): string {
  const bare = asObject(value).$value ?? value;
  return typeof bare === "string" ? bare : JSON.stringify(bare ?? "");
}
