//! Finding runs: filters, failures by cause, and cancelling what is found.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

async fn found(app: &TestApp, filter: Value) -> Vec<String> {
    let listed = app.call("run_list", filter).await;
    let id = |run: &Value| run["id"].as_str().unwrap().to_owned();
    listed["runs"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn failures_are_grouped_by_cause_with_what_to_do_and_the_filter_that_finds_them() {
    let app = TestApp::start().await;
    let first = app.import(&workflow()).await;
    let second = app.import(&with(workflow(), "/name", json!("Other"))).await;
    let stranger = with(check_in(), "/memberId", json!("99999"));
    let mut strangers = Vec::new();
    for made in [&first, &first, &second] {
        let id = app.post(&made["url"], &stranger).await.run_id();
        assert_eq!(app.settle(&id).await["run"]["error"]["code"], "unknownMember");
        strangers.push(id);
    }
    let rejected = app.post(&first["url"], &json!({})).await.run_id();

    let groups = app.call("failure_groups", json!({})).await["groups"].clone();
    let told = |group: &Value| (group["code"].clone(), group["count"].clone(), group["owner"].clone());
    assert_eq!(told(&groups[0]), (json!("unknownMember"), json!(3), json!("sender")));
    assert_eq!(told(&groups[1]), (json!("schema"), json!(1), json!("sender")));
    assert!(groups[0]["nextStep"].as_str().unwrap().contains("Find the right member"));
    assert!(groups[0]["example"].as_str().unwrap().contains("99999"), "names the value at fault");
    let mut newest_first = strangers.clone();
    newest_first.reverse();
    assert_eq!(found(&app, groups[0]["filter"].clone()).await, newest_first);
    assert_eq!(found(&app, groups[1]["filter"].clone()).await, [rejected]);

    let one = app.call("failure_groups", json!({ "workflowId": second["id"] })).await["groups"].clone();
    assert_eq!((one.as_array().unwrap().len(), &one[0]["count"]), (1, &json!(1)));
    assert_eq!(found(&app, one[0]["filter"].clone()).await, [strangers[2].clone()]);
    let both = json!({ "workflowIds": [first["id"], second["id"]], "errorCode": "unknownMember" });
    assert_eq!(found(&app, both).await.len(), 3);
    assert_eq!(found(&app, json!({ "errorCode": "tooLong" })).await, Vec::<String>::new());

    let mended = json!({ "id": strangers[0], "payload": check_in() });
    let released = app.call("run_release", mended).await;
    app.settle(released["id"].as_str().unwrap()).await;
    let groups = app.call("failure_groups", json!({})).await["groups"].clone();
    assert_eq!(groups[0]["count"], 2, "a run that was rerun counts no more");
    assert_eq!(
        found(&app, groups[0]["filter"].clone()).await,
        [strangers[2].clone(), strangers[1].clone()],
        "nor is it found with the others"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_list_tells_whose_record_each_run_wrote() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let written = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&written).await;
    let again = json!({ "ids": [written], "version": "original", "from": "start" });
    let again = app.call("run_rerun", again).await["runs"][0]["id"].as_str().unwrap().to_owned();
    app.settle(&again).await;
    app.post(&made["url"], &json!({})).await;
    let listed = app.call("run_list", json!({})).await["runs"].clone();
    let member = |at: usize| listed[at]["member"].clone();
    assert_eq!((member(0), member(2)), (Value::Null, json!("12345")), "one wrote nothing: {listed:#}");
    assert_eq!(member(1), json!("12345"), "what was written already is still the member's");
    assert_eq!(app.call("run_get", json!({ "id": written })).await["run"]["member"], "12345");
    app.stop().await;
}

#[tokio::test]
async fn a_span_of_time_finds_what_came_in_it_and_reruns_by_the_time_of_their_delivery() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let day = Duration::from_secs(24 * 3600);
    let mut ids = Vec::new();
    let mut times = Vec::new();
    for _ in 0..5 {
        let id = app.post(&made["url"], &with(check_in(), "/memberId", json!("99999"))).await.run_id();
        times.push(app.settle(&id).await["run"]["receivedAt"].clone());
        ids.push(id);
        app.clock.advance(day);
    }
    let rerun = json!({ "ids": [ids[2]], "version": "current", "from": "start" });
    let again = app.call("run_rerun", rerun).await["runs"][0]["id"].as_str().unwrap().to_owned();
    app.settle(&again).await;
    let from = json!({ "from": times[2] });
    let span = json!({ "from": times[2], "to": times[3] });
    assert_eq!(found(&app, from).await, [&again, &ids[4], &ids[3], &ids[2]].map(String::clone));
    assert_eq!(found(&app, span).await, [&again, &ids[2]].map(String::clone));
    assert_eq!(found(&app, json!({ "to": times[1] })).await, [ids[0].clone()]);
    let groups = app.call("failure_groups", json!({ "from": times[1], "to": times[4] })).await;
    assert_eq!(groups["groups"][0]["count"], 3, "two that nobody reran, and the rerun for its original");
    app.stop().await;
}

#[tokio::test]
async fn what_a_filter_finds_is_cancelled_and_what_has_ended_stays() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let done = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&done).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    for _ in 0..3 {
        app.post(&made["url"], &check_in()).await;
    }
    let counts = json!({ "cancelled": 3, "underWay": 0, "ended": 1 });
    let which = json!({ "workflowId": made["id"] });
    let preview = app.call("run_cancel_many", json!({ "filter": which, "preview": true })).await;
    assert_eq!(preview, counts);
    assert_eq!(found(&app, json!({ "status": "cancelled" })).await.len(), 0, "a preview does nothing");
    assert_eq!(app.call("run_cancel_many", json!({ "filter": which })).await, counts);
    assert_eq!(found(&app, json!({ "status": "cancelled" })).await.len(), 3);
    assert_eq!(found(&app, json!({ "status": "succeeded" })).await, [done]);
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn texts_that_read_the_same_are_found_however_they_are_written() {
    let app = TestApp::start().await;
    let made = app.import(&workflow_of(json!([]))).await;
    let send = async |name: &str| app.post(&made["url"], &json!({ "name": name })).await.run_id();
    let decomposed = send("Zoe\u{308} Groß").await;
    let composed = send("ZOË GROSS").await;
    let hidden = send("\u{200B}12345\u{A0}").await;
    let listed = async |search: &str| found(&app, json!({ "search": search })).await;
    app.until(async || listed("12345").await == [hidden.clone()]).await;
    for search in ["zoë groß", "Zoe\u{308} GROSS", " ZOË  GRO", "zoë\u{A0}gross"] {
        assert_eq!(listed(search).await, [composed.clone(), decomposed.clone()], "{search:?}");
    }
    assert_eq!(listed("zoe gross").await, Vec::<String>::new(), "another letter is another name");
    for id in [decomposed, composed, hidden] {
        app.settle(&id).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn an_id_that_only_looks_like_one_fails_with_words_that_show_it() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    for (id, words) in [
        ("\u{200B}12345", "⟨U+200B⟩12345"),
        ("12345\u{A0}", "12345⟨U+00A0⟩"),
        ("\u{FEFF}12345", "⟨U+FEFF⟩12345"),
        ("\u{200E}12345\u{200F}", "⟨U+200E⟩12345⟨U+200F⟩"),
        ("12345.0", "most likely 12345"),
    ] {
        let mut payload = check_in();
        payload["memberId"] = json!(id);
        let run = app.post(&made["url"], &payload).await.run_id();
        let run = app.settle(&run).await["run"].clone();
        assert_eq!(
            (&run["status"], &run["error"]["code"]),
            (&json!("failed"), &json!("wrongType")),
            "{run:#}"
        );
        assert!(run["error"]["message"].as_str().unwrap().contains(words), "{run:#}");
    }
    assert_eq!(app.activities("12345").await.len(), 0);
    app.stop().await;
}
