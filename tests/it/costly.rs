//! Payloads that would take too much work are decided soon and in few words, and nobody else notices.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow};
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
