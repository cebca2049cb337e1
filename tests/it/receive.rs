//! What a sender is answered, row by row of docs/behavior.md#answers.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_tutorials_own_payload_becomes_an_activity_and_a_panel_record() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(
        answer.status, 200,
        "a time without offset is taken, although the schema asks for a date-time"
    );
    let body = answer.json();
    assert_eq!(body["error"], false);
    let time = body["queueTime"].as_str().unwrap();
    assert!(time.len() == 19 && time.as_bytes()[10] == b'T', "UTC, whole seconds, no suffix: {time}");

    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["payload"], check_in());
    let activities = app.activities("12345").await;
    assert_eq!(activities.len(), 1);
    assert_eq!(activities[0]["ACTIVITY_TYPE"], "ATTEND");
    assert_eq!(activities[0]["TRANSACTION_DATE"], "2026-05-27T09:15:00");
    assert_eq!(activities[0]["PRODUCT_CODE"], "CONF2026");
    assert_eq!(detail["steps"][1]["recordKey"].as_str(), activities[0].get("SEQN").map(String::as_str));
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await[0]["Session"], "KEYNOTE");
    app.stop().await;
}

#[tokio::test]
async fn the_same_payload_twice_makes_two_records() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    for _ in 0..2 {
        let answer = app.post(&made["url"], &check_in()).await;
        app.settle(&answer.run_id()).await;
    }
    assert_eq!(app.activities("12345").await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn a_payload_that_breaks_the_schema_is_400_with_every_violation_and_a_rejected_run() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let answer = app.post(&made["url"], &json!({ "memberId": 7, "checkInTime": "yesterday" })).await;
    assert_eq!(answer.status, 400);
    let body = answer.json();
    assert_eq!(body["error"], true);
    let mut found: Vec<_> = body["validationErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| (violation["path"].as_str().unwrap(), violation["keyword"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("/checkInTime", "format"), ("/eventCode", "required"), ("/memberId", "type")]);

    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["run"]["status"], "rejected");
    assert_eq!(
        detail["payload"],
        json!({ "memberId": 7, "checkInTime": "yesterday" }),
        "the payload is kept"
    );
    assert_eq!(detail["steps"][0]["error"]["violations"].as_array().unwrap().len(), 3);
    assert_eq!(app.activities("12345").await.len(), 0);
    app.stop().await;
}

#[tokio::test]
async fn without_validation_before_answering_the_same_payload_is_200_and_a_failed_run() {
    let app = TestApp::start().await;
    let mut file = workflow();
    file["trigger"]["validateBeforeAnswering"] = json!(false);
    let made = app.import(&file).await;
    let answer = app.post(&made["url"], &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(app.settle(&answer.run_id()).await["run"]["status"], "failed");
    app.stop().await;
}

#[tokio::test]
async fn requests_that_make_no_run_are_told_why_and_logged() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let url = &made["url"];
    let key = made["key"].as_str().unwrap();
    let token = url.as_str().unwrap().rsplit('/').next().unwrap();
    let at = |path: String| json!(format!("{}{path}", app.hooks_url));
    let post = |url: &Value| app.request(Method::POST, url);
    let typed = |kind: &str, body: &'static str| post(url).header("content-type", kind).body(body);

    let cases = [
        ("not JSON", typed("application/json", "{\"a\":\n  oops}"), 400),
        ("an array", typed("application/json", "[1]"), 400),
        ("a string", typed("application/json", "\"x\""), 400),
        ("null", typed("application/json", "null"), 400),
        ("a key twice", typed("application/json", "{\"a\":1,\"a\":2}"), 400),
        ("a lone surrogate", typed("application/json", "{\"a\":\"\\ud800\"}"), 400),
        ("another type", typed("text/plain", "{}"), 400),
        ("another charset", typed("application/json; charset=latin1", "{}"), 400),
        ("a compressed body", typed("application/json", "{}").header("content-encoding", "gzip"), 415),
        ("an unknown key", post(&at(format!("/hooks/nobody/{token}"))).json(&json!({})), 400),
        ("a wrong token", post(&at(format!("/hooks/{key}/{}", "A".repeat(43)))).json(&json!({})), 401),
        ("an empty token", post(&at(format!("/hooks/{key}/"))).json(&json!({})), 401),
        ("another path", post(&at("/".to_owned())).json(&json!({})), 404),
        ("another path below", post(&at("/rpc/workflow_list".to_owned())).json(&json!({})), 404),
    ];
    for (what, request, status) in cases {
        let answer = app.send(request).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        if status == 404 {
            assert_eq!(answer.text, "", "{what} is bare");
        } else {
            assert!(
                answer.json()["message"].as_str().is_some_and(|text| text.len() > 10),
                "{what}: {}",
                answer.text
            );
            assert!(!answer.text.contains(token), "{what} does not repeat the secret");
        }
    }
    let log = app.call("delivery_list", json!({})).await;
    let log = log["deliveries"].as_array().unwrap();
    assert_eq!(log.len(), 12, "every refused request but those to other paths is in the log");
    assert!(log.iter().all(|entry| entry["remoteIp"] == "127.0.0.1"));
    assert_eq!(app.call("run_list", json!({})).await["runs"], json!([]));
    app.stop().await;
}

#[tokio::test]
async fn the_place_of_a_fault_in_the_json_is_named() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let body = "{\n  \"memberId\": \"12345\",\n  \"eventCode\": oops\n}";
    let request =
        app.request(Method::POST, &made["url"]).header("content-type", "application/json").body(body);
    let answer = app.send(request).await;
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Invalid JSON body: ") && message.contains("line 3 column "), "{message}");
    app.stop().await;
}

#[tokio::test]
async fn other_methods_are_405_whether_the_endpoint_exists_or_not() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let nobody = json!(format!("{}/hooks/nobody/nothing", app.hooks_url));
    for url in [&made["url"], &nobody] {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD] {
            let answer = app.send(app.request(method.clone(), url)).await;
            assert_eq!(answer.status, 405, "{method}");
            assert_eq!(answer.headers["allow"], "POST");
        }
        assert_eq!(app.send(app.request(Method::OPTIONS, url)).await.status, 204);
    }
    app.stop().await;
}

#[tokio::test]
async fn no_body_counts_as_an_empty_object_whatever_its_type() {
    let app = TestApp::start().await;
    let file = with(workflow(), "/actions", json!([]));
    let made = app.import(&file).await;
    for kind in [None, Some("application/json"), Some("text/plain")] {
        let mut request = app.request(Method::POST, &made["url"]);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answer = app.send(request).await;
        assert_eq!(answer.status, 200, "{kind:?}: {}", answer.text);
        assert_eq!(app.settle(&answer.run_id()).await["payload"], json!({}));
    }
    app.stop().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_declared_or_not() {
    let app = TestApp::start().await;
    let mut file = with(workflow(), "/actions", json!([]));
    file["trigger"]["maxBodyBytes"] = json!(1000);
    let made = app.import(&file).await;
    let body = |size: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(size - 8));
    let post = |body: reqwest::Body| {
        app.request(Method::POST, &made["url"]).header("content-type", "application/json").body(body)
    };
    assert_eq!(app.send(post(body(1000).into())).await.status, 200, "exactly the limit passes");
    assert_eq!(app.send(post(body(1001).into())).await.status, 413);
    let listed = app.call("run_list", json!({})).await;
    app.settle(listed["runs"][0]["id"].as_str().unwrap()).await;
    app.stop().await;
}

#[tokio::test]
async fn the_triggers_options_change_the_answer_alone() {
    let app = TestApp::start().await;
    let mut file = with(workflow(), "/actions/2/panel", json!("Event_Attendance"));
    file["trigger"]["return202Accepted"] = json!(true);
    let accepted = app.import(&file).await;
    let answer = app.post(&accepted["url"], &check_in()).await;
    assert_eq!(answer.status, 202);
    app.settle(&answer.run_id()).await;

    file["trigger"]["omitResponseBody"] = json!(true);
    let silent = app.import(&file).await;
    for (payload, status) in [(check_in(), 202), (json!({}), 400)] {
        let answer = app.post(&silent["url"], &payload).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""), "errors are without a body too");
    }
    let newest = app.call("run_list", json!({ "workflowId": silent["id"] })).await;
    for run in newest["runs"].as_array().unwrap() {
        app.settle(run["id"].as_str().unwrap()).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn metadata_tells_of_the_request_and_hides_its_secrets() {
    let app = TestApp::start().await;
    let file = with(
        workflow(),
        "/actions",
        json!([{ "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ memberId }}", "ActivityType": "ATTEND", "Description": "{{ meta.headers.x-scanner }} {{ meta.method }}"
        } }]),
    );
    let made = app.import(&file).await;
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let request = app
        .request(Method::POST, &json!(format!("{}?door=3", made["url"].as_str().unwrap())))
        .header("authorization", "Bearer sesame")
        .header("x-scanner", "gate-7")
        .json(&check_in());
    let answer = app.send(request).await;
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["metadata"]["query"]["door"], "3");
    let text = detail.to_string();
    assert!(!text.contains("sesame") && !text.contains(&token), "{text}");
    assert_eq!(app.activities("12345").await[0]["DESCRIPTION"], "gate-7 POST");
    app.stop().await;
}

#[tokio::test]
async fn a_workflow_that_is_not_active_refuses_and_a_paused_one_accepts_and_waits() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let set = async |status: &str| {
        app.call("workflow_set_status", json!({ "id": made["id"], "status": status })).await;
    };
    set("disabled").await;
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("disabled"));

    set("paused").await;
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 200);
    let waiting = app.call("run_get", json!({ "id": answer.run_id() })).await;
    assert_eq!(waiting["run"]["status"], "queued");

    set("active").await;
    assert_eq!(app.settle(&answer.run_id()).await["run"]["status"], "succeeded");
    app.stop().await;
}

#[tokio::test]
async fn a_signed_trigger_takes_only_what_is_signed_and_says_503_without_its_secret() {
    let app = TestApp::start().await;
    let mut file = with(workflow(), "/actions", json!([]));
    file["trigger"]["authentication"] = json!({ "kind": "header", "header": "X-Api-Key" });
    let made = app.import(&file).await;
    let send = async |key: Option<&str>| {
        let mut request = app.request(Method::POST, &made["url"]).json(&check_in());
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        app.send(request).await
    };
    let answer = send(Some("sesame-street")).await;
    assert_eq!(answer.status, 503, "never a 200 that nobody authenticated");
    assert!(answer.headers.contains_key("retry-after"));
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "sesame-street" })).await;
    assert_eq!(send(None).await.status, 401);
    assert_eq!(send(Some("sesame")).await.status, 401);
    let answer = send(Some("sesame-street")).await;
    assert_eq!(answer.status, 200);
    let detail = app.settle(&answer.run_id()).await;
    assert!(!detail.to_string().contains("sesame"), "the secret is nowhere in the run: {detail}");
    app.stop().await;
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one_run_and_answers_with_it() {
    let app = TestApp::start().await;
    let mut file = workflow();
    file["trigger"]["idempotency"] = json!({ "from": "header:X-Scan", "windowHours": 24 });
    let made = app.import(&file).await;
    let send = async |key: &str, payload: &Value| {
        app.send(app.request(Method::POST, &made["url"]).header("x-scan", key).json(payload)).await
    };
    let rejected = send("scan-1", &json!({})).await;
    assert_eq!(rejected.status, 400, "a refused payload reserves nothing");
    let first = send("scan-1", &check_in()).await;
    let again = send("scan-1", &check_in()).await;
    assert_eq!((again.status, again.run_id()), (200, first.run_id()));
    let other = send("scan-2", &check_in()).await;
    assert_ne!(other.run_id(), first.run_id());
    app.clock.advance(std::time::Duration::from_secs(24 * 60 * 60 + 1));
    let late = send("scan-1", &check_in()).await;
    assert_ne!(late.run_id(), first.run_id(), "the window is over");
    for answer in [&first, &other, &late] {
        app.settle(&answer.run_id()).await;
    }
    assert_eq!(app.activities("12345").await.len(), 3);
    app.stop().await;
}

#[tokio::test]
async fn address_list_rate_form_list_and_cors_do_as_the_trigger_says() {
    let app = TestApp::start().await;
    let make = async |member: &str, value: Value| {
        let mut file = with(workflow(), "/actions", json!([]));
        file["trigger"][member] = value;
        app.import(&file).await["url"].clone()
    };
    let url = make("allowAddresses", json!(["203.0.113.0/24"])).await;
    assert_eq!(app.post(&url, &check_in()).await.status, 403);
    let forwarded =
        app.request(Method::POST, &url).header("x-forwarded-for", "203.0.113.9").json(&check_in());
    let answer = app.send(forwarded).await;
    assert_eq!(answer.status, 200, "the proxy on this computer is trusted");
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["metadata"]["remoteIp"], "203.0.113.9");

    let url = make("rateLimit", json!({ "perSecond": 1, "burst": 2 })).await;
    let mut runs = Vec::new();
    for status in [200, 200, 429] {
        let answer = app.post(&url, &check_in()).await;
        assert_eq!(answer.status, status);
        if status == 200 {
            runs.push(answer.run_id());
        } else {
            assert_eq!(answer.headers["retry-after"], "1");
        }
    }

    let url = make("wrapArray", json!(true)).await;
    let answer = app.post(&url, &json!([{ "id": 1 }, { "id": 2 }])).await;
    assert_eq!(app.settle(&answer.run_id()).await["payload"], json!({ "items": [{ "id": 1 }, { "id": 2 }] }));

    let url = make("acceptForm", json!(true)).await;
    let form = app.request(Method::POST, &url).header("content-type", "application/x-www-form-urlencoded");
    let answer = app.send(form.body("memberId=12345&event=a+b")).await;
    assert_eq!(app.settle(&answer.run_id()).await["payload"], json!({ "memberId": "12345", "event": "a b" }));

    let url = make("cors", json!(["https://app.example.org"])).await;
    let from = |origin: &str| app.request(Method::OPTIONS, &url).header("origin", origin.to_owned());
    let answer = app.send(from("https://app.example.org")).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "https://app.example.org");
    assert!(
        !app.send(from("https://evil.example")).await.headers.contains_key("access-control-allow-origin")
    );
    for run in &runs {
        app.settle(run).await;
    }
    app.stop().await;
}
