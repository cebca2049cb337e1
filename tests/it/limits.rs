//! Templates, schemas and payloads that ask for too much: their step fails, and the program goes on.

use std::time::Instant;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow_of};
use serde_json::{Value, json};

/// Longer than a second, which is what it takes at most in a release build: this one is not optimised, and the
/// machine may be busy.
const PATIENCE: u128 = 10_000;

#[tokio::test]
async fn a_template_that_would_never_end_fails_its_step_and_the_program_lives() {
    let app = TestApp::start().await;
    let doubled =
        format!("{{% assign a = 'aaaaaaaa' %}}{}{{{{ a }}}}", "{% assign a = a | append: a %}".repeat(40));
    let note = |id: &str, template: &str| {
        json!({ "id": id, "type": "insertActivity", "onFailure": "continue",
            "fields": { "ID": "{{ memberId }}", "ActivityType": "ATTEND", "Note": template } })
    };
    let file = workflow_of(json!([
        note("loops", "{% for i in (1..100000000) %}x{% endfor %}"),
        note("doubles", &doubled),
        note("fits", "{{ sessionCode }}"),
    ]));
    let made = app.import(&file).await;
    let begun = Instant::now();
    let run = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&run).await;
    assert!(begun.elapsed().as_millis() < PATIENCE, "took {:?}", begun.elapsed());
    let told = |step: &Value| (step["status"].clone(), step["error"]["code"].clone());
    let steps: Vec<_> = detail["steps"].as_array().unwrap().iter().map(told).collect();
    let failed = (json!("failed"), json!("template"));
    assert_eq!(steps, [failed.clone(), failed, (json!("succeeded"), Value::Null)], "{detail:#}");
    assert!(detail["steps"][0]["error"]["message"].as_str().unwrap().contains("10000 times"));
    assert_eq!(app.activities("12345").await.len(), 1, "what fits is written all the same");
    app.stop().await;
}

#[tokio::test]
async fn a_large_pipeline_object_is_shown_in_part_and_the_payload_whole() {
    let app = TestApp::start().await;
    let notify = json!({ "id": "n", "type": "notify", "title": "t", "message": "", "outputProperty": "out" });
    let made = app.import(&workflow_of(json!([notify]))).await;
    let payload = json!({ "memberId": "12345", "long": "x".repeat(600_000) });
    let run = app.post(&made["url"], &payload).await.run_id();
    let detail = app.settle(&run).await;
    assert_eq!(detail["payload"], payload);
    let step = &detail["steps"][0];
    assert_eq!((&step["pipelineCut"], &step["input"]["memberId"]), (&json!(true), &json!("12345")));
    assert!(step["input"].to_string().len() < 10_000);
    assert_eq!(step["output"]["out"]["title"], "t");
    let small = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&small).await;
    assert_eq!(detail["steps"][0]["pipelineCut"], Value::Null);
    assert_eq!(detail["steps"][0]["input"]["memberId"], "12345");
    app.stop().await;
}

#[tokio::test]
async fn a_large_workflow_is_saved_run_and_shown() {
    let app = TestApp::start().await;
    let notify =
        |n: u32| json!({ "id": format!("n{n}"), "type": "notify", "title": "{{ memberId }}", "message": "" });
    let file = workflow_of((0..500).map(notify).collect());
    let made = app.import(&file).await;
    let run = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&run).await;
    assert_eq!(detail["run"]["status"], "succeeded");
    assert_eq!(detail["steps"].as_array().unwrap().len(), 500);
    for number in 2..=6 {
        let saved =
            app.call("workflow_save", json!({ "id": made["id"], "file": file, "publish": true })).await;
        assert_eq!(saved["version"], number);
    }
    let compared = app.call("workflow_compare", json!({ "id": made["id"], "a": 1 })).await;
    assert_eq!(compared["differences"], json!([]));
    app.stop().await;
}
