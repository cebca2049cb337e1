//! Payloads that would take too much work are decided soon and in few words, and nobody else notices.

use std::cell::Cell;
use std::future::Future;

use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::{Answer, TestApp};
use serde_json::{Value, json};

/// The check-in workflow with another schema.
fn judged_by(schema: &Value) -> Value {
    let mut file = workflow();
    file["actions"][0]["schema"] = schema.clone();
    file
}

#[tokio::test]
async fn a_payload_with_very_many_faults_gets_a_hundred_and_their_number() {
    let app = TestApp::start().await;
    let file = judged_by(&json!({"properties": {"tags": {"items": {"type": "string"}}}}));
    let made = app.import(&file).await;
    let answer = app.post(&made["url"], &json!({"tags": vec![1; 20_000]})).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.len() < 100_000, "{} bytes", answer.text.len());
    let body = answer.json();
    assert_eq!(body["validationErrors"].as_array().unwrap().len(), 100);
    assert_eq!(body["more"], 19_900);
    assert!(body["message"].as_str().unwrap().contains("in 20000 places"), "{}", body["message"]);
    let detail = app.settle(&answer.run_id()).await;
    let error = &detail["steps"][0]["error"];
    assert_eq!((error["violations"].as_array().unwrap().len(), &error["more"]), (100, &json!(19_900)));
    assert!(error["message"].as_str().unwrap().ends_with("And 19997 more."), "{error}");
    app.stop().await;
}

#[tokio::test]
async fn a_schema_that_leads_back_to_itself_refuses_what_would_take_for_ever() {
    let app = TestApp::start().await;
    let again = json!({"properties": {"a": {"$ref": "#"}}, "required": ["a"]});
    let schema = json!({"allOf": [{"not": {"anyOf": [again, again]}}, {"oneOf": [again, again]}, {"anyOf": [again, again]}]});
    let made = app.import(&judged_by(&schema)).await;
    let deep = (0..40).fold(json!({}), |below, _| json!({"a": below}));
    assert!(deep.to_string().len() < 300);
    let answer = app.post(&made["url"], &deep).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(answer.json()["validationErrors"][0]["keyword"], "tooCostly", "{}", answer.text);
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(
        (&detail["run"]["status"], &detail["run"]["error"]["code"]),
        (&json!("rejected"), &json!("tooCostly"))
    );
    // The same in a run.
    let mut late = judged_by(&schema);
    late["trigger"]["validateBeforeAnswering"] = json!(false);
    let made = app.import(&late).await;
    let answer = app.post(&made["url"], &deep).await;
    assert_eq!(answer.status, 200);
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(
        (&detail["run"]["status"], &detail["run"]["error"]["code"]),
        (&json!("failed"), &json!("tooCostly"))
    );
    app.stop().await;
}

#[tokio::test]
async fn a_loop_over_too_many_items_does_nothing_and_takes_no_step_of_another_run() {
    let app = TestApp::start().await;
    let gate = |id: &str| json!({"id": id, "type": "gate", "expression": "false"});
    let each = json!({"id": "each", "type": "forEach", "list": "/list", "as": "who", "actions": [gate("a"), gate("b"), gate("c")]});
    let mut file = workflow();
    file["actions"] = json!([each]);
    let made = app.import(&file).await;
    let long = app.post(&made["url"], &json!({"list": vec![0; 350_000]})).await;
    let seed = app.import(&workflow()).await;
    let next = app.post(&seed["url"], &check_in()).await;
    let detail = app.settle(&long.run_id()).await;
    assert_eq!(
        (&detail["run"]["status"], &detail["run"]["error"]["code"]),
        (&json!("failed"), &json!("limits"))
    );
    assert_eq!(detail["steps"].as_array().unwrap().len(), 1, "only the loop itself, which says why");
    let detail = app.settle(&next.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded");
    assert_eq!(app.activities("12345").await.len(), 1, "the run behind it was done");
    app.stop().await;
}

/// Posts check-ins one after the other until `busy` has its answer; how many were answered before it.
async fn answered_during(app: &TestApp, url: &Value, busy: impl Future<Output = Answer>) -> (Answer, usize) {
    let is_over = Cell::new(false);
    let others = async {
        let mut answered = 0;
        loop {
            let asked = app.post(url, &check_in()).await;
            assert_eq!(asked.status, 200, "{}", asked.text);
            if is_over.get() {
                return answered;
            }
            answered += 1;
        }
    };
    let busy = async {
        let answer = busy.await;
        is_over.set(true);
        answer
    };
    tokio::join!(busy, others)
}

// The harness, the application and the sandbox share one thread: whatever keeps it busy is seen by all.
#[tokio::test]
async fn heavy_deliveries_keep_nobody_else_waiting() {
    let app = TestApp::start().await;
    let quiet = app.import(&workflow_of(json!([]))).await;
    let again = json!({"properties": {"a": {"$ref": "#"}}, "required": ["a"]});
    let deep = (0..40).fold(json!({}), |below, _| json!({"a": below}));
    let faults = judged_by(&json!({"properties": {"tags": {"items": {"type": "string"}}}}));
    let cases = [
        ("violations", faults, json!({"tags": vec![1; 150_000]}), 400),
        (
            "recursion",
            judged_by(&json!({"anyOf": [again, again]})),
            json!({"a": deep, "pad": vec![0; 20_000]}),
            400,
        ),
        (
            "a look around",
            judged_by(&json!({"properties": {"tags": {"items": {"pattern": "^(?=(a|aa)+$)(a|aa)+b$"}}}})),
            json!({"tags": vec!["a".repeat(60); 1_000], "pad": vec![0; 200_000]}),
            400,
        ),
    ];
    for (what, file, payload, status) in cases {
        let made = app.import(&file).await;
        let (answer, answered) = answered_during(&app, &quiet["url"], app.post(&made["url"], &payload)).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        assert!(answer.text.len() < 100_000, "{what}: {} bytes", answer.text.len());
        assert!(answered >= 3, "{what}: only {answered} others were answered meanwhile");
    }
    app.until(async || {
        app.call("run_list", json!({"status": ["queued", "running"]})).await["runs"] == json!([])
    })
    .await;
    app.stop().await;
}

#[tokio::test]
async fn heavy_runs_keep_nobody_else_waiting() {
    let app = TestApp::start().await;
    let quiet = app.import(&workflow_of(json!([]))).await;
    let gate = |id: &str| json!({"id": id, "type": "gate", "expression": "who == 1"});
    let each = json!({"id": "each", "type": "forEach", "list": "/list", "as": "who", "actions": [gate("a"), gate("b"), gate("c"), gate("d")]});
    let loops = app.import(&workflow_of(json!([each]))).await;
    let settled = async |list: usize| {
        let run = app.post(&loops["url"], &json!({"list": vec![0; list]})).await.run_id();
        // Without its many steps, which the detail would bring along each time.
        let is_over = async || {
            let runs = app.call("run_list", json!({"workflowId": loops["id"]})).await;
            ["succeeded", "failed"].iter().any(|status| runs["runs"][0]["status"] == **status)
        };
        app.until(is_over).await;
        Answer { status: 200, headers: Default::default(), text: run }
    };
    let (whole, answered) = answered_during(&app, &quiet["url"], settled(5_000)).await;
    assert!(answered >= 3, "only {answered} others were answered meanwhile");
    let detail = app.call("run_get", json!({"id": whole.text})).await;
    assert_eq!(detail["run"]["status"], "succeeded");
    assert_eq!(detail["steps"].as_array().unwrap().len(), 20_001, "none is lost between what is put on disk");
    let (long, _) = answered_during(&app, &quiet["url"], settled(300_000)).await;
    let detail = app.call("run_get", json!({"id": long.text})).await;
    assert_eq!(
        (&detail["run"]["status"], &detail["run"]["error"]["code"]),
        (&json!("failed"), &json!("limits"))
    );
    app.stop().await;
}
