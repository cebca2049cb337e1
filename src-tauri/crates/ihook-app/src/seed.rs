//! What a first start finds: the check-in workflow of the tutorial, active, writing to the sandbox.

use ihook_store::setting;
use serde_json::{Value, json};

use crate::App;

const DONE: &str = "seeded";

/// Creates the check-in workflow once in the life of a data directory: staff who delete it do not want it back.
pub(crate) async fn first_start(app: &App) {
    let done = app.store().read(|connection| setting::get(connection, DONE)).await;
    if !matches!(done, Ok(None)) {
        return;
    }
    let request = json!({ "file": check_in(), "activate": true });
    match app.call("workflow_import", request).await {
        Ok(_made) => {
            let write = app.store().write(|tx| setting::set(tx, DONE, "true"));
            if let Err(error) = write.await {
                tracing::warn!(%error, "seed.not_remembered");
            }
        }
        // A locked keyring, most likely. The window opens all the same, and the next start tries again.
        Err(error) => tracing::warn!(%error, "seed.failed"),
    }
}

/// The workflow that the tutorial builds step by step.
fn check_in() -> Value {
    json!({
        "format": "ihook.workflow/1",
        "name": "Event Check-In > Insert Attendance Activity",
        "description": "Each check-in of the event app becomes an attendance activity on the member.",
        "connection": "sandbox",
        "trigger": { "type": "webhook", "metadataOutputProperty": "meta" },
        "actions": [
            {
                "id": "validate",
                "type": "jsonSchemaValidation",
                "name": "JSON Schema Validation",
                "schema": {
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "type": "object",
                    "properties": {
                        "memberId": { "type": "string" },
                        "eventCode": { "type": "string" },
                        "checkInTime": { "type": "string", "format": "date-time" },
                        "sessionCode": { "type": "string" }
                    },
                    "required": ["memberId", "eventCode", "checkInTime"]
                }
            },
            {
                "id": "activity",
                "type": "insertActivity",
                "name": "Insert Activity",
                "fields": {
                    "ID": "{{ input.memberId }}",
                    "Activity Type": "ATTEND",
                    "Transaction Date": "{{ input.checkInTime }}",
                    "Product Code": "{{ input.eventCode }}",
                    "Description": "{{ input.sessionCode }}"
                }
            }
        ],
        "scenarios": [
            {
                "name": "A check-in",
                "payload": {
                    "memberId": "12345",
                    "eventCode": "CONF2026",
                    "checkInTime": "2026-05-27T09:15:00",
                    "sessionCode": "KEYNOTE"
                },
                "expect": { "answer": 200, "status": "succeeded" }
            }
        ]
    })
}
