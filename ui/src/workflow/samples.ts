import type { WorkflowFile } from "./file";

/** The tutorial's payload. */
export const checkInPayload = {
  memberId: "12345",
  eventCode: "CONF2026",
  checkInTime: "2026-05-27T09:15:00",
  sessionCode: "KEYNOTE",
};

export function blankWorkflow(name: string): WorkflowFile {
  return {
    format: "ihook.workflow/1",
    name,
    description: "",
    connection: "sandbox",
    trigger: { type: "webhook" },
    actions: [],
  };
}

/** What the tutorial builds: Webhook > JSON Schema Validation > Insert Activity. */
export function checkInWorkflow(name: string): WorkflowFile {
  return {
    ...blankWorkflow(name),
    actions: [
      {
        id: "validate",
        type: "jsonSchemaValidation",
        schema: {
          $schema: "http://json-schema.org/draft-07/schema#",
          type: "object",
          properties: {
            memberId: { type: "string" },
            eventCode: { type: "string" },
            checkInTime: { type: "string", format: "date-time" },
            sessionCode: { type: "string" },
          },
          required: ["memberId", "eventCode", "checkInTime"],
        },
      },
      {
        id: "activity",
        type: "insertActivity",
        fields: {
          ID: "{{ input.memberId }}",
          "Activity Type": "ATTEND",
          "Transaction Date": "{{ input.checkInTime }}",
          "Product Code": "{{ input.eventCode }}",
          Description: "{{ input.sessionCode }}",
        },
      },
    ],
    scenarios: [
      {
        name: "A check-in",
        payload: checkInPayload,
        expect: { answer: 200, status: "succeeded" },
      },
    ],
  };
}
