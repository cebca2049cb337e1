//! A payload that keeps the program busy for long: it can be ended in the middle of it, and a run that it ends with
//! again and again is put aside for a person.

use std::time::{Duration, Instant};

use ihook_tests::files::{check_in, with, workflow, workflow_of};
use ihook_tests::process::{self, Program, until};
use serde_json::{Value, json};

use crate::start;

/// A program that is asked to end does so within this (docs/behavior.md), and a moment for the process itself.
const END: Duration = Duration::from_secs(10 + 2);

/// A workflow with a schema that leads back to itself, judged before the answer or in the run.
fn endless(before_answering: bool) -> Value {
    let again = json!({"properties": {"a": {"$ref": "#"}}, "required": ["a"]});
    let mut file = with(workflow(), "/actions/0/schema", json!({"anyOf": [again, again]}));
    file["trigger"]["validateBeforeAnswering"] = json!(before_answering);
    file
}

/// A workflow whose schema compares each item of a list with each of many objects.
fn comparing() -> Value {
    let options: Vec<Value> = (0..2_000).map(|n| json!({"n": n})).collect();
    let schema = json!({"properties": {"list": {"items": {"enum": options}}}});
    let mut file = with(workflow(), "/actions/0/schema", schema);
    file["trigger"]["validateBeforeAnswering"] = json!(false);
    file["trigger"]["maxBodyBytes"] = json!(4 * 1024 * 1024);
    file
}

/// It would be judged for ever; the budget that it gets for its many values takes some seconds.
fn long() -> Value {
    let deep = (0..40).fold(json!({}), |below, _| json!({"a": below}));
    json!({"a": deep, "pad": vec![0; 450_000]})
}

async fn run(program: &Program, id: &str) -> Value {
    program.call("run_get", json!({"id": id})).await["run"].take()
}

/// Waits until it stands on record for the `nth` time that the run has been executing for long.
async fn until_long(program: &Program, id: &str, nth: u32) {
    let is_long = async || {
        let run = run(program, id).await;
        assert!(run["finishedAt"].is_null(), "it ended before it was long: {run}");
        run["status"] == "running" && run["attempts"] == nth
    };
    until("the run executes for long", is_long).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_which_the_program_ends_three_times_in_a_row_is_held() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = start(dir.path());
    let hook = program.import(&comparing()).await;
    let payload = json!({"list": vec![json!({"n": -1}); 200_000]});
    let id = program.post(&hook, &payload).await.unwrap().unwrap();
    for life in 1..=3 {
        until_long(&program, &id, life).await;
        program.kill();
        program = start(dir.path());
    }
    until("the run is held", async || run(&program, &id).await["status"] == "held").await;
    let held = run(&program, &id).await;
    let reason = held["waitingReason"].as_str().unwrap_or_default();
    assert!(reason.contains("ended three times"), "{held}");
    // What stood behind it goes on, and a person can let it go on too.
    let other = program.post(&hook, &check_in()).await.unwrap().unwrap();
    until("the next run goes on", async || run(&program, &other).await["status"] != "queued").await;
    program.call("run_retry_now", json!({"id": id})).await;
    until_long(&program, &id, 4).await;
    program.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_asked_to_end_does_so_in_the_middle_of_long_work() {
    let loops = json!([{"id": "e", "type": "forEach", "list": "/list", "as": "i", "actions":
        [{"id": "g", "type": "gate", "expression": "i == 1"}]}]);
    let faults =
        with(workflow(), "/actions/0/schema", json!({"properties": {"list": {"items": {"type": "string"}}}}));
    let cases = [
        ("recursion in a run", endless(false), long()),
        ("recursion in a request", endless(true), long()),
        ("a loop", workflow_of(loops), json!({"list": vec![0; 45_000]})),
        ("violations", faults, json!({"list": vec![0; 450_000]})),
    ];
    for (what, file, payload) in cases {
        let dir = tempfile::tempdir().unwrap();
        let program = Program::start(process::serve(dir.path()));
        let (hook, other) = (program.import(&file).await, program.import(&workflow_of(json!([]))).await);
        let url = format!("{}{hook}", program.at("hooks"));
        let http = program.http.clone();
        let sent = tokio::spawn(async move { process::post(&http, &url, &payload).await });
        // The delivery is on its way into the work, or in it.
        for _ in 0..20 {
            program.post(&other, &check_in()).await.unwrap().unwrap();
        }
        let asked = Instant::now();
        assert_eq!(program.terminate(), Some(0), "{what}");
        assert!(asked.elapsed() < END, "{what}: {:?}", asked.elapsed());
        let _ = sent.await;
    }
}
