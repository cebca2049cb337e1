/** What steps, states, columns and panels are called. */
import type { WorkflowStatus } from "../../../api/bindings";
import type { ActionType } from "../../../workflow/file";

export const types: Record<ActionType, { label: string; description: string; lead: string }> = {
  jsonSchemaValidation: {
    label: "JSON Schema Validation",
    description: "Checks that a payload has what it should before anything is written.",
    lead: "Checks every payload. One that does not fit is refused: the sender gets 400 and what is wrong with it.",
  },
  insertActivity: {
    label: "Insert Activity",
    description: "Writes a new activity to the member.",
    lead: "Adds a new record to the member. Never changes an existing one.",
  },
  insertPanelRecord: {
    label: "Insert Panel Record",
    description: "Writes a new row to a panel of the member.",
    lead: "Adds a row to a panel. Fill in only the columns you need.",
  },
  gate: {
    label: "Gate",
    description: "Stops the run, or jumps ahead, when something is true.",
    lead: "When the condition is true, the run stops or jumps ahead. Otherwise it goes on.",
  },
  alreadyRecorded: {
    label: "Already Recorded",
    description: "Counts like activities of the member, for a gate against duplicates.",
    lead: "Looks in iMIS for activities with the same values and puts out how many there are. A gate after it can stop the run.",
  },
  imisGet: {
    label: "iMIS Get",
    description: "Reads something from iMIS, an IQA query for example.",
    lead: "Reads from the iMIS API. The answer is put under the output property for later steps.",
  },
  forEach: {
    label: "For Each",
    description: "Does its steps once for every item of a list.",
    lead: "Does its steps once for every item of a list in the payload. An item that fails does not stop the others.",
  },
  httpRequest: {
    label: "HTTP Request",
    description: "Calls another system.",
    lead: "Calls another system, to fetch what the payload leaves out or to pass something on.",
  },
  notify: {
    label: "Notify",
    description: "Shows a desktop notification on this computer.",
    lead: "Shows a desktop notification on this computer.",
  },
};

type StatusEntry = { to: WorkflowStatus; label: string; from: WorkflowStatus[] };

export const statusEntries: StatusEntry[] = [
  { to: "active", label: "Activate", from: ["draft", "disabled"] },
  { to: "active", label: "Resume", from: ["paused"] },
  { to: "paused", label: "Pause", from: ["active"] },
  { to: "disabled", label: "Disable", from: ["active", "paused"] },
  { to: "disabled", label: "Take out of the archive", from: ["archived"] },
  { to: "archived", label: "Archive", from: ["disabled", "draft"] },
];

export const columnTypes: Record<string, string> = {
  integer: "whole number",
  decimal: "number",
  monetary: "amount",
  boolean: "true or false",
  dateTime: "date and time",
  date: "date",
  time: "time",
  guid: "unique id",
  binary: "binary",
};

export const panelKinds: Record<string, string> = {
  single: "One row for each member",
  multi: "Many rows for each member",
};
