//! Retention: what goes with age and with size, what stays, and that what is gone has left no trace.

use std::path::Path;
use std::time::Duration;

use ihook_app::clock::Clock;
use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::json;

use crate::versions::on_a_thread;

const DAY: u64 = 24 * 60 * 60;

/// The files of the data directory that hold this text, in any case. The sandbox's own data does not count.
pub(crate) fn holders(data_dir: &Path, text: &str) -> Vec<String> {
    let files = std::fs::read_dir(data_dir).unwrap().map(|file| file.unwrap());
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|w| w.eq_ignore_ascii_case(text.as_bytes()));
    files
        .filter(|file| !file.file_name().to_string_lossy().starts_with("sandbox"))
        .filter(|file| holds(&std::fs::read(file.path()).unwrap()))
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

async fn is_found(app: &TestApp, text: &str) -> bool {
    app.call("run_list", json!({ "search": text })).await["runs"] != json!([])
}

#[tokio::test]
async fn finished_runs_go_with_age_and_leave_no_trace_while_unfinished_ones_stay() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let secret = "Zyxwv-4711";
    // A member that iMIS does not know: the error and the steps name it too.
    let payload = with(check_in(), "/memberId", json!(secret));
    let old = app.post(&made["url"], &payload).await.run_id();
    assert_eq!(app.settle(&old).await["run"]["error"]["code"], "unknownMember");
    app.send(app.request(reqwest::Method::POST, &made["url"]).body(format!("{{{secret}"))).await;
    app.until(async || is_found(&app, secret).await).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let waiting = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(
        app.call("app_info", json!({})).await["notices"].as_array().unwrap().len(),
        1,
        "of the key file"
    );
    app.clock.advance(Duration::from_secs(91 * DAY));
    app.until(async || !is_found(&app, secret).await).await;
    assert_eq!(app.call_refused("run_get", json!({ "id": old })).await["code"], "notFound");
    assert_eq!(app.call("run_get", json!({ "id": waiting })).await["run"]["status"], "queued");
    let notices = async || app.call("app_info", json!({})).await["notices"].to_string();
    app.until(async || notices().await.contains("1 run has not ended for more than 90 days")).await;
    // While the program runs: the log and the unused parts of pages are clean too.
    app.until(async || holders(app.data_dir(), secret).is_empty()).await;
    app.call("run_cancel", json!({ "id": waiting })).await;
    app.clock.advance(Duration::from_secs(600));
    app.until(async || !notices().await.contains("has not ended")).await;
    app.stop().await;
}

#[tokio::test]
async fn the_oldest_finished_runs_go_when_the_database_grows_too_large() {
    let app = TestApp::start().await;
    let limit = json!({ "settings": { "retentionMaxMegabytes": 10 } });
    app.call("settings_save", limit).await;
    let refused = json!({ "settings": { "retentionMaxMegabytes": 9 } });
    assert_eq!(app.call_refused("settings_save", refused).await["code"], "badRequest");
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let waiting = app.post(&made["url"], &check_in()).await.run_id();
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    let mut ids = Vec::new();
    for n in 0..20 {
        let text = format!("Marker-{n}-of-20 {}", "x".repeat(900_000));
        let id = app.post(&made["url"], &json!({ "text": text })).await.run_id();
        app.settle(&id).await;
        // Each in a later millisecond than the one before.
        app.clock.advance(Duration::from_millis(5));
        ids.push(id);
    }
    let size = async || app.call("database_health", json!({})).await;
    assert!(size().await["usedBytes"].as_u64().unwrap() > 15_000_000);
    app.clock.advance(Duration::from_secs(600));
    app.until(async || size().await["fileBytes"].as_u64().unwrap() <= 10_100_000).await;
    assert_eq!(app.call_refused("run_get", json!({ "id": ids[0] })).await["code"], "notFound");
    assert_eq!(app.call("run_get", json!({ "id": ids[19] })).await["run"]["status"], "succeeded");
    let kept = app.call("run_get", json!({ "id": waiting })).await;
    assert_eq!(kept["run"]["status"], "queued", "the oldest of all, but not finished");
    app.until(async || holders(app.data_dir(), "Marker-0-of-20").is_empty()).await;
    assert!(!holders(app.data_dir(), "Marker-19-of-20").is_empty());
    // Given back to the disk once the log is taken into the file.
    let file = app.data_dir().join("ihook.db");
    app.until(async || std::fs::metadata(&file).unwrap().len() <= 10_100_000).await;
    app.call("run_cancel", json!({ "id": waiting })).await;
    app.stop().await;
}

#[tokio::test]
async fn a_key_that_was_used_is_known_after_its_run_is_gone() {
    let app = TestApp::start().await;
    let trigger = json!({ "type": "webhook", "idempotency": { "from": "header:x-id", "windowHours": 720 } });
    let made = app.import(&with(with(workflow(), "/actions", json!([])), "/trigger", trigger)).await;
    app.call("settings_save", json!({ "settings": { "retentionDays": 1 } })).await;
    let send = async || {
        let request = app.request(reqwest::Method::POST, &made["url"]).header("x-id", "7").json(&check_in());
        app.send(request).await.run_id()
    };
    let first = send().await;
    app.settle(&first).await;
    app.clock.advance(Duration::from_secs(2 * DAY));
    app.until(async || app.call("run_list", json!({})).await["runs"] == json!([])).await;
    assert_eq!(send().await, first, "no second run");
    assert_eq!(app.call("run_list", json!({})).await["runs"], json!([]));
    app.stop().await;
}

/// A finished run that is old enough to go once a day is what is kept.
async fn with_an_old_run(app: &TestApp) -> (serde_json::Value, String) {
    app.call("settings_save", json!({ "settings": { "retentionDays": 1 } })).await;
    let trigger = json!({ "type": "webhook", "idempotency": { "from": "header:x-id", "windowHours": 720 } });
    let made = app.import(&with(with(workflow(), "/actions", json!([])), "/trigger", trigger)).await;
    let request = app.request(reqwest::Method::POST, &made["url"]).header("x-id", "7").json(&check_in());
    let run = app.send(request).await.run_id();
    app.settle(&run).await;
    (made, run)
}

async fn clock_ahead(app: &TestApp) -> Option<String> {
    app.call("app_info", json!({})).await["clockAhead"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_clock_that_is_ahead_for_a_moment_removes_nothing_and_forgets_no_key() {
    let app = TestApp::start().await;
    let (made, run) = with_an_old_run(&app).await;
    app.clock.set(jiff::SignedDuration::from_hours(100 * 24));
    let again = app.request(reqwest::Method::POST, &made["url"]).header("x-id", "7").json(&check_in());
    assert_eq!(app.send(again).await.run_id(), run, "the key is known");
    app.clock.advance(Duration::from_secs(600));
    app.until(async || clock_ahead(&app).await.is_some()).await;
    let notice = clock_ahead(&app).await.unwrap();
    assert!(notice.contains("99 days later") || notice.contains("100 days later"), "{notice}");
    let notices = app.call("app_info", json!({})).await["notices"].to_string();
    assert!(notices.contains("nothing old is removed"), "{notices}");
    app.clock.set(jiff::SignedDuration::from_hours(-100 * 24));
    app.clock.advance(Duration::from_secs(600));
    app.until(async || clock_ahead(&app).await.is_none()).await;
    assert_eq!(app.call("run_get", json!({ "id": run })).await["run"]["status"], "succeeded");
    let again = app.request(reqwest::Method::POST, &made["url"]).header("x-id", "7").json(&check_in());
    assert_eq!(app.send(again).await.run_id(), run, "the key is known still");
    app.stop().await;
}

#[tokio::test]
async fn a_clock_that_stays_ahead_or_is_confirmed_lets_old_runs_go_a_day_s_worth_an_hour() {
    for confirmed in [false, true] {
        let mut app = TestApp::start().await;
        let (_, run) = with_an_old_run(&app).await;
        // The computer was off, or its clock was set meanwhile: nobody knows.
        app = app.restart_set(jiff::SignedDuration::from_hours(30 * 24)).await;
        app.until(async || clock_ahead(&app).await.is_some()).await;
        let is_there = async || app.call("run_list", json!({})).await["runs"] != json!([]);
        if confirmed {
            app.call("clock_confirm", json!({})).await;
            assert_eq!(app.call("audit_list", json!({})).await["entries"][0]["action"], "clock_confirm");
            let began = app.clock.moment();
            app.until(async || {
                app.clock.advance(Duration::from_secs(300));
                !is_there().await
            })
            .await;
            let took = app.clock.moment().since(began);
            assert!(took > Duration::from_secs(3500), "a day's worth an hour, not {took:?}");
        } else {
            for hour in 0..23 {
                assert!(is_there().await && clock_ahead(&app).await.is_some(), "after {hour} h");
                app.clock.advance(Duration::from_secs(3600));
            }
            app.until(async || {
                app.clock.advance(Duration::from_secs(300));
                !is_there().await
            })
            .await;
        }
        assert_eq!(clock_ahead(&app).await, None);
        assert_eq!(app.call_refused("run_get", json!({ "id": run })).await["code"], "notFound");
        app.stop().await;
    }
}

#[tokio::test]
async fn settings_that_cannot_be_read_remove_nothing_and_are_said_until_they_are_saved_anew() {
    use ihook_store::setting;
    let mut app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    let run = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&run).await;
    app.call("settings_save", json!({ "settings": { "maxBodyBytes": 5000, "retentionDays": 30 } })).await;
    app = app
        .restart_after(|data_dir| {
            let store = ihook_store::Store::open(&data_dir.join("ihook.db")).unwrap();
            let spoilt = store.write(|tx| {
                let kept = setting::get(tx, setting::GENERAL)?.unwrap();
                setting::set(tx, setting::GENERAL, &kept.replace(":30", ":\"thirty\""))
            });
            on_a_thread(spoilt).unwrap();
            store.close_blocking();
        })
        .await;
    let kept = app.call("settings_get", json!({})).await;
    let fault = kept["faults"][0].as_str().unwrap();
    assert!(
        fault.contains("retentionDays cannot be read") && fault.contains("nothing is removed"),
        "{fault}"
    );
    assert_eq!(kept["settings"]["maxBodyBytes"], 5000, "what can be read holds");
    assert!(app.call("app_info", json!({})).await["notices"].to_string().contains("retentionDays"));
    app.clock.advance(Duration::from_secs(400 * DAY));
    let other = app.call("settings_save", json!({ "settings": { "maxBodyBytes": 6000 } })).await;
    assert_eq!(other["faults"], kept["faults"], "another setting leaves it as it is");
    assert_eq!(app.call("run_list", json!({})).await["runs"].as_array().unwrap().len(), 1);

    let anew = app.call("settings_save", json!({ "settings": { "retentionDays": 30 } })).await;
    assert_eq!((&anew["faults"], &anew["settings"]["maxBodyBytes"]), (&json!([]), &json!(6000)));
    app.clock.advance(Duration::from_secs(DAY));
    app.until(async || app.call("run_list", json!({})).await["runs"] == json!([])).await;
    app.stop().await;
}

/// `tests/fixtures/schema-1.db` was left by the first release, with one run of each kind.
#[tokio::test]
async fn an_update_keeps_everything_that_an_earlier_program_left() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schema-1.db");
    let app = TestApp::start_on(&fixture, "2026-11-24T22:17:00Z".parse().unwrap()).await;
    let list = app.call("workflow_list", json!({})).await["workflows"].clone();
    assert_eq!(list[0]["name"], "Event Check-In > Insert Attendance Activity");
    assert_eq!(list[0]["status"], "paused");
    let id = list[0]["id"].clone();
    let detail = app.call("workflow_get", json!({ "id": id })).await;
    assert_eq!(detail["file"]["actions"][1]["fields"]["ProductCode"], "{{ input.eventCode }}");
    let runs = app.call("run_list", json!({})).await["runs"].clone();
    let statuses: Vec<_> = (0..4).map(|at| runs[at]["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(statuses, ["queued", "rejected", "failed", "succeeded"]);
    let whole = app.call("run_get", json!({ "id": runs[3]["id"] })).await;
    assert_eq!(whole["payload"]["sessionCode"], "KEYNOTE");
    assert_eq!(whole["steps"][1]["status"], "succeeded");
    // The index is built anew after the start, for values are folded in another way now.
    app.until(async || is_found(&app, "keynote").await).await;
    assert_eq!(app.call("settings_get", json!({})).await["settings"]["retentionDays"], 400);
    let connections = app.call("connection_list", json!({})).await["connections"].to_string();
    assert!(connections.contains("https://imis.example.org"), "{connections}");
    assert_eq!(app.call("delivery_list", json!({})).await["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(app.call("audit_list", json!({})).await["entries"].as_array().unwrap().len(), 4);
    let unknown = app.call_refused("workflow_url", json!({ "id": id })).await["message"].to_string();
    assert!(unknown.contains("not known on this computer") && unknown.contains("Regenerate"), "{unknown}");
    let copies = app.call("database_health", json!({})).await["copies"].clone();
    assert_eq!(copies[0]["kind"], "beforeUpdate", "a copy was made before");
    app.call("workflow_set_status", json!({ "id": id, "status": "active" })).await;
    let queued = runs[0]["id"].as_str().unwrap();
    assert_eq!(app.settle(queued).await["run"]["status"], "succeeded", "and it goes on");
    app.stop().await;
}

/// Payloads that were changed behind the program's back.
#[tokio::test]
async fn what_cannot_be_read_any_more_is_held_and_never_run_as_an_empty_payload() {
    use ihook_store::RunId;
    use ihook_store::payload::Payload;
    use ihook_store::run::{self, Lane, NewRun, RunError};
    let app = TestApp::start().await;
    let fields = json!({ "ID": "12345", "ActivityType": "ATTEND", "Note": "{{ note }}" });
    let file = workflow_of(json!([{ "id": "a", "type": "insertActivity", "fields": fields }]));
    let id = app.import(&file).await["id"].clone();
    let workflow_id = id.as_str().unwrap().parse().unwrap();
    let [queued, ended] = [RunId::new(), RunId::new()];
    let app = app
        .restart_after(|dir| {
            let store = ihook_store::Store::open(&dir.join("ihook.db")).unwrap();
            let damaged = store.write(move |tx| {
                let run = |id| NewRun {
                    id,
                    workflow_id,
                    version: 1,
                    connection: "sandbox".to_owned(),
                    lane: Lane::Live,
                    received_at: 1_800_000_000_000,
                    rerun_of: None,
                };
                let kept = Payload { body: r#"{"note": "seco"#.to_owned(), metadata: None };
                let no = RunError { action_id: "a".into(), code: "schema".into(), message: "No.".into() };
                run::reject(tx, &run(ended), &kept, &no)?;
                run::enqueue(tx, &[(&run(queued), &kept)])
            });
            on_a_thread(damaged).unwrap();
            store.close_blocking();
        })
        .await;
    let (queued, ended) = (queued.to_string(), ended.to_string());
    let held = app.settle(&queued).await;
    assert_eq!(held["run"]["status"], "held", "{held:#}");
    assert!(held["run"]["waitingReason"].as_str().unwrap().contains("stored payload"), "{held:#}");
    assert_eq!(held["payload"], r#"{"note": "seco"#, "what is left of it is shown");
    let again = json!({ "ids": [ended], "version": "current", "from": "start" });
    let again = app.call("run_rerun", again).await;
    assert!(again["left"][0]["reason"].as_str().unwrap().contains("stored payload"), "{again:#}");
    let dry = app.call("workflow_dry_run", json!({ "id": id, "file": file })).await;
    assert!(dry["rows"][0]["after"]["error"].as_str().unwrap().contains("stored payload"), "{dry:#}");
    assert_eq!(app.activities("12345").await.len(), 0, "nothing was written of it");
    app.call("run_cancel", json!({ "id": queued })).await;
    let own = json!({ "id": queued, "payload": { "note": "by hand" } });
    let own = app.call("run_release", own).await;
    assert_eq!(app.settle(own["id"].as_str().unwrap()).await["run"]["status"], "succeeded");
    app.stop().await;
}
