//! Erasing one member's data everywhere.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use reqwest::Method;
use serde_json::{Value, json};

use crate::keeping::holders;

const MEMBER: &str = "Erase-Me-8842";

#[tokio::test]
async fn one_members_data_leaves_every_place_and_everyone_elses_stays() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let of = |member: &str| with(check_in(), "/memberId", json!(member));
    let failed = app.post(&made["url"], &of(MEMBER)).await.run_id();
    assert_eq!(app.settle(&failed).await["run"]["status"], "failed");
    let note = with(check_in(), "/sessionCode", json!(MEMBER.to_lowercase()));
    let written = app.post(&made["url"], &note).await.run_id();
    assert_eq!(app.settle(&written).await["run"]["status"], "succeeded");
    let rejected = app.post(&made["url"], &json!({ "memberId": MEMBER })).await.run_id();
    let broken = app.request(Method::POST, &made["url"]).body(format!("{{\"memberId\": \"{MEMBER}\""));
    assert_eq!(app.send(broken).await.status, 400);
    let others = app.post(&made["url"], &of(&format!("{MEMBER}9"))).await.run_id();
    app.settle(&others).await;
    let found = async || app.call("run_list", json!({ "search": MEMBER })).await["runs"].clone();
    app.until(async || found().await.as_array().unwrap().len() == 4).await;

    let preview = app.call("member_erase", json!({ "value": MEMBER, "preview": true })).await;
    assert_eq!((&preview["runs"], &preview["deliveries"]), (&json!(3), &json!(1)), "{preview}");
    assert_eq!(found().await.as_array().unwrap().len(), 4, "a preview changes nothing");
    let erased = app.call("member_erase", json!({ "value": format!(" {MEMBER} ") })).await;
    assert_eq!((&erased["runs"], &erased["deliveries"]), (&json!(3), &json!(1)), "{erased}");

    for id in [&failed, &written, &rejected] {
        let detail = app.call("run_get", json!({ "id": id })).await;
        assert!(
            detail["run"]["erasedAt"].is_string() && detail["run"]["finishedAt"].is_string(),
            "{detail:#}"
        );
        assert_eq!((&detail["payload"], &detail["run"]["member"]), (&Value::Null, &Value::Null));
        assert!(!detail.to_string().to_lowercase().contains(&MEMBER.to_lowercase()), "{detail:#}");
        let again = json!({ "ids": [id], "version": "original", "from": "start" });
        let again = app.call("run_rerun", again).await;
        assert_eq!((&again["runs"], &again["left"][0]["id"]), (&json!([]), &json!(id)), "{again}");
    }
    let detail = app.call("run_get", json!({ "id": written })).await;
    assert!(detail["steps"][1]["recordKey"].is_string(), "which record it wrote is still known");
    let kept = app.call("run_get", json!({ "id": others })).await;
    assert_eq!(kept["payload"]["memberId"], json!(format!("{MEMBER}9")), "a longer value is someone else's");
    let audit = app.call("audit_list", json!({})).await["entries"][0].clone();
    assert_eq!(audit["action"], "member_erase");
    assert!(audit["detail"].as_str().unwrap().contains("SHA-256"), "{audit}");
    // The other member's ID begins alike: it goes too before the search of the bytes.
    app.call("member_erase", json!({ "value": format!("{MEMBER}9") })).await;
    assert_eq!(holders(app.data_dir(), MEMBER), Vec::<String>::new());
    app.stop().await;
}

#[tokio::test]
async fn nothing_is_erased_while_a_run_with_the_value_has_not_ended() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let ended = app.post(&made["url"], &with(check_in(), "/memberId", json!(MEMBER))).await.run_id();
    app.settle(&ended).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let waiting = app.post(&made["url"], &with(check_in(), "/memberId", json!(MEMBER))).await.run_id();
    let refused = app.call_refused("member_erase", json!({ "value": MEMBER })).await;
    assert_eq!(refused["code"], "conflict");
    assert_eq!(refused["details"]["unfinished"], json!([waiting]));
    assert_eq!(app.call("run_get", json!({ "id": ended })).await["payload"]["memberId"], MEMBER);
    app.call("run_cancel", json!({ "id": waiting })).await;
    assert_eq!(app.call("member_erase", json!({ "value": MEMBER })).await["runs"], 2);
    assert_eq!(app.call_refused("member_erase", json!({ "value": " 1 " })).await["code"], "badRequest");
    assert_eq!(holders(app.data_dir(), MEMBER), Vec::<String>::new());
    app.stop().await;
}

#[tokio::test]
async fn test_cases_and_drafts_lose_the_value_too_and_what_only_a_person_can_change_is_named() {
    let app = TestApp::start().await;
    let about = |member: &str| json!({ "name": member, "payload": { "memberId": member } });
    let mut file = workflow();
    file["scenarios"] =
        json!([about("10001"), { "name": "kept", "payload": { "deep": [{ "id": MEMBER }] } }]);
    let made = app.import(&file).await;
    // A second version without it: the first one keeps it.
    file["scenarios"] = json!([about("10001")]);
    app.call("workflow_save", json!({ "id": made["id"], "file": file, "publish": true })).await;
    let fixed = with(workflow(), "/actions/1/fields/ID", json!(MEMBER));
    app.import(&with(fixed.clone(), "/name", json!("Always the same member"))).await;

    let keep = async |editor: &str, file: Value| {
        app.call("draft_save", json!({ "editor": editor, "base": 0, "file": file })).await;
    };
    file["scenarios"] = json!([about("10001"), about(MEMBER)]);
    keep("cases", file).await;
    keep("constant", fixed).await;
    keep("others", with(workflow(), "/name", json!("Somebody else"))).await;

    let preview = app.call("member_erase", json!({ "value": MEMBER, "preview": true })).await;
    let expected = json!({ "runs": 0, "deliveries": 0, "testCases": 1, "drafts": 2, "workflows": ["Always the same member"] });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&preview[name], value, "{name} of {preview}");
    }
    app.call("member_erase", json!({ "value": MEMBER })).await;

    let first = app.call("workflow_get", json!({ "id": made["id"], "version": 1 })).await;
    assert_eq!(first["file"]["scenarios"], json!([about("10001")]), "the other test case stays");
    let drafts = app.call("draft_list", json!({})).await["drafts"].clone();
    let mut left: Vec<_> = drafts.as_array().unwrap().iter().map(|draft| draft["editor"].clone()).collect();
    left.sort_by_key(ToString::to_string);
    assert_eq!(left, [json!("cases"), json!("others")]);
    assert!(!drafts.to_string().contains(MEMBER), "{drafts}");
    let again = app.call("member_erase", json!({ "value": MEMBER, "preview": true })).await;
    assert_eq!((&again["testCases"], &again["drafts"]), (&json!(0), &json!(0)), "{again}");
    assert_eq!(again["workflows"], json!(["Always the same member"]), "only a person can change that");
    app.stop().await;
}

/// What steps sent and got is in no search index, and neither are names of members or texts within texts.
#[tokio::test]
async fn a_value_that_the_search_index_does_not_know_is_found_all_the_same() {
    let app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    let payloads = [
        json!({ MEMBER: "checked in" }),
        json!({ "raw": format!("{{\"id\":\"{MEMBER}\"}}") }),
        json!({ "link": format!("https://events.example/attendees/{MEMBER}?x=1") }),
        json!({ "many": (0..300).map(|n| format!("v{n}")).chain([MEMBER.to_owned()]).collect::<Vec<_>>() }),
    ];
    let mut ids = Vec::new();
    for payload in &payloads {
        ids.push(app.post(&made["url"], payload).await.run_id());
    }
    let escaped: String = MEMBER.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let body = format!("{{\"memberId\":\"{escaped}\"}}");
    let request =
        app.request(Method::POST, &made["url"]).header("content-type", "application/json").body(body);
    ids.push(app.send(request).await.run_id());
    // Put together by the workflow: no field of the payload has it.
    let built = with(workflow(), "/actions/1/fields/ID", json!("Erase-{{ input.eventCode }}-8842"));
    let built = app.import(&with(built, "/name", json!("Built"))).await;
    let payload = with(check_in(), "/eventCode", json!("Me"));
    ids.push(app.post(&built["url"], &payload).await.run_id());
    for id in &ids {
        app.settle(id).await;
    }
    let erased = app.call("member_erase", json!({ "value": MEMBER })).await;
    assert_eq!(erased["runs"], ids.len(), "{erased}");
    assert_eq!(holders(app.data_dir(), MEMBER), Vec::<String>::new());
    app.stop().await;
}
