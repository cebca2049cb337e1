//! The workflows that the interface offers to begin with: each imports without problems and does what its own
//! samples say.

use std::path::PathBuf;

use ihook_tests::TestApp;
use ihook_tests::pretend::{Pretended, answer, json_answer};
use serde_json::{Value, json};

fn starters() -> Vec<(String, Value)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/workflow/starters");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_starter_imports_without_problems_and_does_what_its_samples_say() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let starters = starters();
    assert!(starters.len() >= 9, "there are {}", starters.len());
    for (name, file) in starters {
        let made = app.import(&file).await;
        assert_eq!(made["problems"], json!([]), "{name} has nothing to look at");
        assert_eq!(made["changes"], json!([]), "{name} is written in today's form");
        let mut tried = 0;
        for scenario in file["scenarios"].as_array().unwrap() {
            let what = format!("{name}: {}", scenario["name"]);
            // A sample without an expectation needs a system that is not here.
            let Some(answer) = scenario["expect"]["answer"].as_u64() else { continue };
            let answered = app.post(&made["url"], &scenario["payload"]).await;
            assert_eq!(u64::from(answered.status), answer, "{what}: {}", answered.json());
            let run = app.settle(&answered.run_id()).await;
            assert_eq!(run["run"]["status"], scenario["expect"]["status"], "{what}: {}", run["run"]["error"]);
            tried += 1;
        }
        assert!(tried >= 2, "{name} shows what goes well and what does not");
    }
    app.stop().await;
}

/// Answers as Eventbrite does when it is asked for an attendee with the right token.
async fn pretended_eventbrite() -> Pretended {
    Pretended::start(|request| {
        let request = request.to_ascii_lowercase();
        let is_right = request.starts_with("get /v3/events/123/attendees/456/")
            && request.contains("authorization: bearer private-token");
        let attendee = json!({
            "id": "456", "event_id": "123", "changed": "2026-05-27T09:15:00Z", "ticket_class_name": "Member",
            "answers": [{ "question": "Your iMIS ID", "answer": "10077" }] });
        if is_right { json_answer(200, "", &attendee) } else { answer(403, "", "") }
    })
    .await
}

#[tokio::test]
async fn eventbrites_starter_fetches_the_attendee_and_records_the_attendance() {
    let app = TestApp::start().await;
    let eventbrite = pretended_eventbrite().await;
    let host = &eventbrite.url;
    let (_, file) = starters().into_iter().find(|(name, _)| name == "eventbrite").unwrap();
    let sample = file["scenarios"][0]["payload"].to_string();
    // Only the host is another one: in the schema, where it is a pattern, and in the sample.
    let pattern = host.replace('.', "\\\\.");
    let file = file.to_string().replace("https://www\\\\.eventbriteapi\\\\.com", &pattern);
    let made = app.import(&serde_json::from_str(&file).unwrap()).await;
    app.call("secret_set", json!({ "name": "eventbrite", "value": "private-token" })).await;
    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    let payload = serde_json::from_str(&sample.replace("https://www.eventbriteapi.com", host)).unwrap();
    let run = app.post(&made["url"], &payload).await.run_id();
    let detail = app.settle(&run).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let written = app.activities("10077").await;
    assert_eq!(written[0]["PRODUCT_CODE"], "123", "{written:?}");
    assert_eq!(written[0]["DESCRIPTION"], "Member");
    app.stop().await;
}

/// What these systems really send, as their documentation has it.
#[tokio::test]
async fn a_starter_lets_pass_what_its_gate_lets_pass() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let starters = starters();
    let eventbrite: Value =
        serde_json::from_str(include_str!("../fixtures/senders/eventbrite-test.json")).unwrap();
    let cases = [
        ("eventbrite", eventbrite, "stopped"),
        ("eventbrite", json!({ "config": { "action": "order.placed" } }), "stopped"),
        ("cvent", json!({ "eventType": "InviteeOrGuestCancelled", "message": [] }), "stopped"),
        (
            "cvent",
            json!({ "eventType": "InviteeAttendsCventSession", "messageStub": "s-1", "messageTime": "",
                    "message": [{ "contactSourceId": null, "eventForInvitee": null }] }),
            "succeeded",
        ),
        (
            "swapcard",
            json!({ "context": {}, "event_profile": {}, "action": "planning_create", "datetime": "" }),
            "stopped",
        ),
        ("registration", json!({ "status": "cancelled", "memberId": "" }), "stopped"),
        ("swapcard", json!({ "context": {}, "event_profile": {}, "action": "profile_create" }), "rejected"),
        ("eventbrite", json!({ "config": { "action": "attendee.checked_in" } }), "rejected"),
    ];
    for (name, payload, status) in cases {
        let (_, file) = starters.iter().find(|(known, _)| known == name).unwrap();
        let made = app.import(file).await;
        let answer = app.post(&made["url"], &payload).await;
        assert_eq!(
            answer.status,
            if status == "rejected" { 400 } else { 200 },
            "{name} {payload}: {}",
            answer.text
        );
        let run = app.settle(&answer.run_id()).await;
        assert_eq!(run["run"]["status"], status, "{name} {payload}: {}", run["run"]["error"]);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_starter_takes_times_as_they_are_written_out_there() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let fields = [
        ("registration", "registeredAt"),
        ("session-attendance", "scannedAt"),
        ("ceu-credit", "completedAt"),
        ("panel-record", "checkInTime"),
        ("generic", "at"),
        ("swapcard", "datetime"),
    ];
    let starters = starters();
    for (name, field) in fields {
        let (_, file) = starters.iter().find(|(known, _)| known == name).unwrap();
        let made = app.import(file).await;
        let mut payload = file["scenarios"][0]["payload"].clone();
        for (time, status) in [
            ("2026-05-27T09:15:00+0000", 200),
            ("2026-05-27T09:15:00.123Z", 200),
            ("2026-05-27 09:15:00", 200),
            ("2026-05-27 09:15:00.0", 200),
            ("", 200),
            ("yesterday", 400),
        ] {
            payload[field] = json!(time);
            let answer = app.post(&made["url"], &payload).await;
            assert_eq!(answer.status, status, "{name} {time:?}: {}", answer.text);
            let run = app.settle(&answer.run_id()).await;
            let ended = run["run"]["status"].as_str().unwrap();
            let is_taken = matches!(ended, "succeeded" | "stopped");
            assert_eq!(is_taken, status == 200, "{name} {time:?}: {ended} {}", run["run"]["error"]);
        }
    }
    app.stop().await;
}
