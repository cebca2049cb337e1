//! Workflow files and payloads that many tests use.

use serde_json::{Value, json};

/// The sample payload of the tutorial: a time without offset among it.
#[must_use]
pub fn check_in() -> Value {
    json!({
        "memberId": "12345",
        "eventCode": "CONF2026",
        "checkInTime": "2026-05-27T09:15:00",
        "sessionCode": "KEYNOTE"
    })
}

/// The sample schema of the tutorial.
#[must_use]
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "memberId": { "type": "string" },
            "eventCode": { "type": "string" },
            "checkInTime": { "type": "string", "format": "date-time" },
            "sessionCode": { "type": "string" }
        },
        "required": ["memberId", "eventCode", "checkInTime"]
    })
}

/// The tutorial's workflow with its optional last step: validation, activity, panel record.
#[must_use]
pub fn workflow() -> Value {
    json!({
        "format": "ihook.workflow/1",
        "name": "Event Check-In > Insert Attendance Activity",
        "connection": "sandbox",
        "trigger": { "type": "webhook", "metadataOutputProperty": "meta" },
        "actions": [
            { "id": "validate", "type": "jsonSchemaValidation", "schema": schema() },
            {
                "id": "activity",
                "type": "insertActivity",
                "fields": {
                    "ID": "{{ input.memberId }}",
                    "ActivityType": "ATTEND",
                    "TransactionDate": "{{ input.checkInTime }}",
                    "ProductCode": "{{ input.eventCode }}"
                }
            },
            {
                "id": "panel",
                "type": "insertPanelRecord",
                "panel": "Event_Attendance",
                "fields": { "ID": "{{ input.memberId }}", "Session": "{{ input.sessionCode }}" }
            }
        ]
    })
}

/// A workflow with these actions and no schema in front.
#[must_use]
pub fn workflow_of(actions: Value) -> Value {
    with(workflow(), "/actions", actions)
}

/// `file` with the value at `pointer` replaced.
///
/// # Panics
/// When nothing is there.
#[must_use]
pub fn with(mut file: Value, pointer: &str, value: Value) -> Value {
    *file.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
    file
}
