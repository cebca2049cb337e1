import { expect, test } from "vitest";
import { placeOf } from "./places";
import { asFile } from "../../../workflow/file";

const file = asFile({
  name: "Mine",
  actions: [
    { id: "validate", type: "jsonSchemaValidation" },
    { id: "each", type: "forEach", actions: [{ id: "write", type: "insertActivity" }] },
  ],
});

test.each<[pointer: string, step: string, field: string | undefined]>([
  ["", "workflow", undefined],
  ["/connection", "workflow", "connection"],
  ["/trigger/cors", "trigger", "cors"],
  ["/trigger/allowAddresses/1", "trigger", "allowAddresses"],
  ["/trigger/rateLimit/perSecond", "trigger", "rateLimit/perSecond"],
  ["/trigger/authentication/header", "trigger", "authentication/header"],
  ["/actions/0/schema", "validate", "schema"],
  ["/actions/1/list", "each", "list"],
  ["/actions/1/actions/0/fields/UF~11", "write", "UF/1"],
  ["/actions/9/x", "workflow", undefined],
])("%s is about %s, %s", (pointer, step, field) => {
  expect(placeOf(file, pointer)).toEqual(field === undefined ? { step } : { step, field });
});
