//! The delivery log: what is kept of requests that made no run, and what staff can do with it.

use std::time::Duration;

use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::{Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

async fn send(app: &TestApp, url: &Value, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    app.send(app.request(Method::POST, url).header("content-type", kind).body(body)).await
}

/// The newest entry of the log.
async fn newest(app: &TestApp) -> Value {
    app.call("delivery_list", json!({ "limit": 1 })).await["deliveries"][0].clone()
}

async fn detail(app: &TestApp, entry: &Value) -> Value {
    app.call("delivery_get", json!({ "id": entry["id"] })).await
}

#[tokio::test]
async fn whoever_knew_the_url_has_the_body_kept_and_nobody_else() {
    let app = TestApp::start().await;
    let mut file = workflow();
    file["trigger"]["allowAddresses"] = json!(["127.0.0.0/8"]);
    let made = app.import(&file).await;
    let url = &made["url"];
    let wrong = json!(format!("{}x", url.as_str().unwrap()));
    let nobody = json!(format!("{}/hooks/nobody/nothing", app.hooks_url));
    let body = r#"{"memberId": "12345", oops}"#;
    let json = "application/json";

    for (what, url, kind, kept) in [
        ("an unknown key", &nobody, json, false),
        ("a wrong token", &wrong, json, false),
        ("another type", url, "text/plain", true),
        ("not JSON", url, json, true),
    ] {
        send(&app, url, kind, body).await;
        let entry = newest(&app).await;
        let detail = detail(&app, &entry).await;
        assert_eq!(entry["bodyKept"], kept, "{what}: {entry}");
        assert_eq!(detail["body"].as_str(), kept.then_some(body), "{what}");
        assert_eq!(entry["bytes"], body.len(), "{what}");
        assert_eq!(entry["contentType"], kind, "{what}");
        assert_eq!(detail["metadata"]["remoteIp"].as_str(), kept.then_some("127.0.0.1"), "{what}");
    }
    let foreign = app.request(Method::POST, url).header("x-forwarded-for", "203.0.113.9").body(body);
    assert_eq!(app.send(foreign).await.status, 403);
    assert_eq!(newest(&app).await["bodyKept"], true, "the address list may be mended");
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "disabled" })).await;
    send(&app, url, json, body).await;
    assert_eq!(detail(&app, &newest(&app).await).await["body"], body, "the workflow may be activated again");
    send(&app, url, json, b"\xff\xfe".as_slice()).await;
    assert_eq!(
        detail(&app, &newest(&app).await).await["bodyBase64"],
        "//4=",
        "what is no text comes as base64"
    );
    send(&app, url, json, "x".repeat(2_000_000)).await;
    assert_eq!(newest(&app).await["bodyKept"], false, "a huge one is not kept");

    let of_workflow = app.call("delivery_list", json!({ "workflowId": made["id"] })).await;
    assert_eq!(of_workflow["deliveries"].as_array().unwrap().len(), 7);
    let only = app.call("delivery_list", json!({ "workflowId": made["id"], "status": 403 })).await;
    assert_eq!(only["deliveries"].as_array().unwrap().len(), 1);
    let token = url.as_str().unwrap().rsplit('/').next().unwrap();
    assert!(!of_workflow.to_string().contains(token), "the token is nowhere");
    app.stop().await;
}

#[tokio::test]
async fn what_was_refused_is_told_by_workflow_and_answer_for_a_day_or_until_it_is_released() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let url = &made["url"];
    let groups = async || {
        let listed = app.call("delivery_groups", json!({})).await["groups"].clone();
        let told = |group: &Value| (group["status"].as_u64().unwrap(), group["count"].as_u64().unwrap());
        listed.as_array().unwrap().iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(groups().await, []);
    let wrong = json!(format!("{}x", url.as_str().unwrap()));
    send(&app, &wrong, "application/json", "{}").await;
    for body in ["{", "["] {
        send(&app, url, "application/json", body).await;
    }
    let nobody = json!(format!("{}/hooks/nobody/nothing", app.hooks_url));
    send(&app, &nobody, "application/json", "{}").await;
    assert_eq!(groups().await, [(400, 2), (401, 1)], "strangers do not count");
    let first = app.call("delivery_groups", json!({})).await["groups"][0].clone();
    assert_eq!((&first["workflowId"], &first["workflowName"]), (&made["id"], &workflow()["name"]));
    assert!(first["reason"].as_str().unwrap().contains("Invalid JSON body"), "{first:#}");

    let broken = app.call("delivery_list", json!({ "status": 400, "workflowId": made["id"] })).await;
    let release = json!({ "id": broken["deliveries"][0]["id"], "payload": check_in() });
    let run = app.call("delivery_release", release).await["id"].as_str().unwrap().to_owned();
    app.settle(&run).await;
    assert_eq!(groups().await, [(400, 1), (401, 1)]);
    app.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert_eq!(groups().await, [], "yesterday's are in the list alone");
    app.stop().await;
}

#[tokio::test]
async fn a_refused_delivery_is_released_once_and_becomes_a_run_like_any_other() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "disabled" })).await;
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 400);
    let entry = newest(&app).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    app.clock.advance(Duration::from_secs(3600));

    let made_run = app.call("delivery_release", json!({ "id": entry["id"] })).await;
    let run = app.settle(made_run["id"].as_str().unwrap()).await;
    assert_eq!(run["run"]["status"], "succeeded", "{run:#}");
    assert_eq!(run["run"]["receivedAt"], entry["receivedAt"], "it came when it came");
    assert_eq!((&run["payload"], &run["metadata"]["method"]), (&check_in(), &json!("POST")));
    assert_eq!(app.activities("12345").await.len(), 1);
    assert_eq!(newest(&app).await["releasedRun"], made_run["id"]);

    let again = app.call_refused("delivery_release", json!({ "id": entry["id"] })).await;
    assert_eq!(again["code"], "conflict", "{again}");
    let audit = app.call("audit_list", json!({})).await;
    assert_eq!(audit["entries"][0]["action"], "delivery_release", "{audit}");
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_an_object_needs_a_mended_payload() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    send(&app, &made["url"], "application/json", "[1]").await;
    let id = newest(&app).await["id"].clone();
    let refuse = async |request: Value, code: &str, words: &str| {
        let error = app.call_refused("delivery_release", request).await;
        assert!(error["code"] == code && error["message"].as_str().unwrap().contains(words), "{error}");
    };
    refuse(json!({ "id": id }), "badRequest", "mended payload").await;
    refuse(json!({ "id": id, "payload": [1] }), "badRequest", "JSON object").await;
    refuse(json!({ "id": "nothing" }), "notFound", "delivery").await;
    let run = app.call("delivery_release", json!({ "id": id, "payload": check_in() })).await;
    assert_eq!(app.settle(run["id"].as_str().unwrap()).await["run"]["status"], "succeeded");

    send(&app, &made["url"], "text/plain", "{}").await;
    let run = app.call("delivery_release", json!({ "id": newest(&app).await["id"] })).await;
    let run = app.settle(run["id"].as_str().unwrap()).await;
    assert_eq!(run["run"]["status"], "failed", "a payload that breaks the schema fails, as in a rerun");

    let nobody = json!(format!("{}/hooks/nobody/nothing", app.hooks_url));
    app.post(&nobody, &check_in()).await;
    refuse(json!({ "id": newest(&app).await["id"], "payload": {} }), "conflict", "which workflow").await;
    let wrong = json!(format!("{}x", made["url"].as_str().unwrap()));
    app.post(&wrong, &check_in()).await;
    refuse(json!({ "id": newest(&app).await["id"] }), "badRequest", "not kept").await;
    app.stop().await;
}

#[tokio::test]
async fn forms_and_lists_are_released_as_the_trigger_takes_them_then() {
    let app = TestApp::start().await;
    let mut file = workflow_of(json!([]));
    let made = app.import(&file).await;
    send(&app, &made["url"], "application/x-www-form-urlencoded", "a=b").await;
    let form = newest(&app).await["id"].clone();
    send(&app, &made["url"], "application/json", "[1]").await;
    let list = newest(&app).await["id"].clone();
    file["trigger"]["acceptForm"] = json!(true);
    file["trigger"]["wrapArray"] = json!(true);
    app.call("workflow_save", json!({ "id": made["id"], "file": file, "publish": true })).await;
    for (id, payload) in [(form, json!({ "a": "b" })), (list, json!({ "items": [1] }))] {
        let run = app.call("delivery_release", json!({ "id": id })).await;
        assert_eq!(app.settle(run["id"].as_str().unwrap()).await["payload"], payload);
    }
    app.stop().await;
}

#[tokio::test]
async fn refused_bodies_are_released_in_bulk_and_each_says_what_became_of_it() {
    let app = TestApp::start().await;
    let mut file = workflow_of(json!([]));
    let made = app.import(&file).await;
    let other = app.import(&workflow_of(json!([]))).await;
    let parts = "multipart/form-data; boundary=XX";
    let part = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n--XX--";
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "a=1"),
        (parts, part),
        ("text/plain", "{\"a\":3}"),
        ("text/plain", "no"),
    ] {
        assert_eq!(send(&app, &made["url"], kind, body).await.status, 400);
    }
    send(&app, &other["url"], "text/plain", "{}").await;
    let wrong = json!(format!("{}x", made["url"].as_str().unwrap()));
    app.post(&wrong, &json!({})).await;
    file["trigger"]["acceptForm"] = json!(true);
    app.call("workflow_save", json!({ "id": made["id"], "file": file, "publish": true })).await;

    let many = async |request: Value| app.call("delivery_release_many", request).await;
    let filter = json!({ "workflowId": made["id"], "status": 400 });
    let counted = many(json!({ "filter": filter, "preview": true })).await;
    assert_eq!(counted, json!({ "count": 4, "released": [], "left": [] }), "bodies of this workflow alone");
    let answer = many(json!({ "filter": filter })).await;
    let mut payloads = Vec::new();
    for one in answer["released"].as_array().unwrap() {
        payloads.push(app.settle(one["runId"].as_str().unwrap()).await["payload"].clone());
    }
    assert_eq!(
        payloads,
        [json!({ "a": "1" }), json!({ "a": "2" }), json!({ "a": 3 })],
        "in order of arrival"
    );
    let left = &answer["left"][0];
    assert!(left["reason"].as_str().unwrap().contains("Invalid JSON body"), "{answer:#}");
    let edited = json!({ "id": left["id"], "payload": { "a": 4 } });
    let run = app.call("delivery_release", edited).await["id"].as_str().unwrap().to_owned();
    assert_eq!(app.settle(&run).await["payload"], json!({ "a": 4 }), "text is released once it is edited");
    assert_eq!(many(json!({ "filter": filter })).await["count"], 0, "none is left");

    let id = answer["released"][0]["id"].clone();
    let unkept = app.call("delivery_list", json!({ "status": 401 })).await["deliveries"][0]["id"].clone();
    let chosen = json!({ "ids": [id, unkept, "nonsense"] });
    let again = many(chosen.clone()).await;
    assert_eq!((&again["released"], &again["count"]), (&json!([]), &json!(3)), "{again:#}");
    let reasons: Vec<_> =
        again["left"].as_array().unwrap().iter().map(|one| one["reason"].to_string()).collect();
    assert!(reasons[0].contains("released before") && reasons[1].contains("not kept"), "{reasons:?}");
    let mut chosen = chosen;
    chosen["again"] = json!(true);
    let again = many(chosen).await;
    app.settle(again["released"][0]["runId"].as_str().unwrap()).await;
    assert_eq!(again["left"].as_array().unwrap().len(), 2, "{again:#}");
    for wrong in [json!({}), json!({ "ids": [] }), json!({ "ids": [id], "filter": {} })] {
        assert_eq!(app.call_refused("delivery_release_many", wrong).await["code"], "badRequest");
    }
    app.stop().await;
}

#[tokio::test]
async fn another_body_under_a_used_key_is_in_the_log_and_can_be_released() {
    let app = TestApp::start().await;
    let mut file = workflow_of(json!([]));
    file["trigger"]["idempotency"] = json!({ "from": "pointer:/scan", "windowHours": 720 });
    let made = app.import(&file).await;
    let first = app.post(&made["url"], &json!({ "scan": 1 })).await.run_id();
    assert_eq!(app.post(&made["url"], &json!({ "scan": 1 })).await.run_id(), first);
    assert_eq!(
        app.call("delivery_list", json!({})).await["deliveries"],
        json!([]),
        "the same again is no news"
    );

    let other = json!({ "scan": 1, "door": 2 });
    let answer = app.post(&made["url"], &other).await;
    assert_eq!((answer.status, answer.run_id()), (200, first.clone()));
    let entry = newest(&app).await;
    assert_eq!(entry["status"], 200);
    assert!(entry["reason"].as_str().unwrap().contains(&first), "{entry}");
    let run = app.call("delivery_release", json!({ "id": entry["id"] })).await;
    assert_eq!(app.settle(run["id"].as_str().unwrap()).await["payload"], other);
    app.settle(&first).await;
    app.stop().await;
}

#[tokio::test]
async fn a_flood_of_strangers_is_summed_up_and_keeps_no_delivery_waiting() {
    let app = TestApp::start().await;
    let made = app.import(&workflow_of(json!([]))).await;
    send(&app, &made["url"], "application/json", "oops").await;
    let wrong = json!(format!("{}x", made["url"].as_str().unwrap()));
    for _ in 0..300 {
        assert_eq!(app.post(&wrong, &json!({})).await.status, 401);
    }
    let listed = async || {
        let list = app.call("delivery_list", json!({ "status": 401, "limit": 500 })).await;
        list["deliveries"].as_array().unwrap().clone()
    };
    let before = listed().await.len();
    assert!((100..250).contains(&before), "a burst is written as it comes, the rest is counted: {before}");
    app.clock.advance(Duration::from_secs(11));
    app.until(async || listed().await.iter().any(|entry| entry["times"].as_u64().unwrap() > 1)).await;
    let total: u64 = listed().await.iter().map(|entry| entry["times"].as_u64().unwrap()).sum();
    assert_eq!(total, 300, "every one of them counts");
    let answer = app.post(&made["url"], &json!({})).await;
    assert_eq!(answer.status, 200);
    app.settle(&answer.run_id()).await;
    app.stop().await;
}
