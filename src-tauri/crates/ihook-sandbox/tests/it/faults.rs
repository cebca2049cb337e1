//! Each fault of the sandbox, what the client makes of it, and what really happened.

use std::time::Duration;

use ihook_imis::{Failed, FailureClass};
use serde_json::{Value, json};

use crate::support::{Running, attendance, client_within, http, short, start};

/// Inserts under a fault; what the client says, and whether the record is there.
async fn insert_under(sandbox: &Running, fault: Value) -> (Result<(), Failed>, bool) {
    let client = sandbox.client();
    client.party("12345").await.expect("signed in before the fault");
    sandbox.faults(fault).await;
    let outcome = client.insert(&attendance("12345")).await.map(|_| ());
    sandbox.faults(json!([])).await;
    let committed = sandbox.ledger().await.iter().any(|entry| entry["committed"] == json!(true));
    let total = client.rows("Activity", &[], 10).await.expect("rows").total;
    assert_eq!(committed, total == 1, "the ledger tells the truth");
    (outcome, committed)
}

#[tokio::test]
async fn every_fault_is_classed_for_what_it_is() {
    use FailureClass::{AskedToWait, Cut, Refused, ServerError, TimedOut};
    let status = |status: u16| json!([{ "kind": "status", "status": status, "on": "insert", "count": 1 }]);
    let cases = [
        (json!([{ "kind": "tooManyRequests", "retryAfter": 7, "count": 1 }]), AskedToWait, false),
        (status(503), AskedToWait, false),
        (status(500), ServerError, false),
        (status(501), ServerError, false),
        (status(502), ServerError, false),
        (status(504), TimedOut, false),
        (status(408), TimedOut, false),
        (status(403), Refused, false),
        (status(422), Refused, false),
        (
            json!([{ "kind": "status", "status": 500, "afterCommit": true, "on": "insert", "count": 1 }]),
            ServerError,
            true,
        ),
        (json!([{ "kind": "dropBeforeCommit", "count": 1 }]), Cut, false),
        (json!([{ "kind": "dropAfterCommit", "count": 1 }]), Cut, true),
        (json!({ "kind": "dropAfterCommit", "on": "all", "count": null }), Cut, true),
    ];
    for (fault, class, committed) in cases {
        let sandbox = start().await;
        let (outcome, there) = insert_under(&sandbox, fault.clone()).await;
        let failed = outcome.expect_err("a failure");
        assert_eq!(failed.class, class, "{fault}: {}", failed.message);
        let asked = fault[0]["retryAfter"].as_u64().map(Duration::from_secs);
        assert_eq!(failed.retry_after, asked, "{fault}");
        assert_eq!(there, committed, "{fault}");
        assert!(failed.message.ends_with(['.', ')']) && failed.message.len() > 20, "{}", failed.message);
    }
}

#[tokio::test]
async fn an_answer_of_something_else_takes_the_place_of_imis() {
    let answer = |status: u16, body: Value, after: bool| json!([{ "kind": "answer", "status": status, "body": body, "afterCommit": after, "on": "insert", "count": 1 }]);
    for (fault, class, committed) in [
        (answer(200, Value::Null, true), FailureClass::Unproven, true),
        (answer(200, Value::Null, false), FailureClass::Unproven, false),
        (answer(200, json!("<html>Welcome</html>"), true), FailureClass::SomethingElse, true),
        (
            json!([{ "kind": "answer", "status": 302, "location": "https://login.example/", "afterCommit": true, "on": "insert", "count": 1 }]),
            FailureClass::SomethingElse,
            true,
        ),
        (
            json!([{ "kind": "answer", "status": 204, "on": "insert", "count": 1 }]),
            FailureClass::Unproven,
            false,
        ),
    ] {
        let sandbox = start().await;
        let (outcome, there) = insert_under(&sandbox, fault.clone()).await;
        let failed = outcome.expect_err("a failure");
        assert_eq!((failed.class, there), (class, committed), "{fault}");
        let entry = &sandbox.ledger().await[0];
        assert_eq!(entry["status"], fault[0]["status"], "{fault}: the ledger has what was reported");
    }
    let sandbox = start().await;
    let page = json!([{ "kind": "answer", "body": "<html>", "on": "read", "count": 1 }]);
    sandbox.control("faults", page).await;
    let answer = http().get(format!("{}/api/Party/12345", sandbox.base)).send().await.expect("an answer");
    assert!(answer.headers().get("x-imis-sandbox").is_none(), "it does not say that it is the sandbox");
    assert_eq!((answer.status().as_u16(), answer.text().await.expect("text")), (200, "<html>".to_owned()));
}

#[tokio::test]
async fn a_date_to_come_back_at_is_counted_from_the_servers_own_clock() {
    let sandbox = start().await;
    let fault =
        json!([{ "kind": "tooManyRequests", "retryAfter": 90, "asDate": true, "count": 1, "on": "insert" }]);
    let (outcome, _) = insert_under(&sandbox, fault).await;
    let wait = outcome.expect_err("a failure").retry_after.expect("a wait was asked for");
    assert!((88..=91).contains(&wait.as_secs()), "{wait:?}");
}

#[tokio::test]
async fn a_delay_beyond_the_limit_is_a_time_out_and_the_record_may_be_there() {
    let sandbox = start().await;
    let client = client_within(&sandbox.base, "sandbox", "sandbox", short());
    client.party("12345").await.expect("signed in");
    sandbox.faults(json!([{ "kind": "delay", "milliseconds": 60_000, "afterCommit": true, "on": "insert", "count": 1 }])).await;
    let failed = client.insert(&attendance("12345")).await.expect_err("too slow");
    assert_eq!(failed.class, FailureClass::TimedOut);
    assert!(failed.message.contains("in time"), "{}", failed.message);
    assert_eq!(client.rows("Activity", &[], 10).await.expect("rows").total, 1);
}

#[tokio::test]
async fn a_short_delay_only_delays() {
    let sandbox = start().await;
    let (outcome, there) = insert_under(&sandbox, json!([{ "kind": "delay", "milliseconds": 30 }])).await;
    assert!(outcome.is_ok() && there);
}

#[tokio::test]
async fn faults_are_counted_down_and_shown() {
    let sandbox = start().await;
    let client = sandbox.client();
    client.party("12345").await.expect("signed in");
    sandbox.faults(json!([{ "kind": "status", "status": 429, "on": "insert", "count": 2 }])).await;
    let mut failures = 0;
    for _ in 0..3 {
        failures += usize::from(client.insert(&attendance("12345")).await.is_err());
    }
    assert_eq!(failures, 2);
    let url = format!("{}/_sandbox/faults", sandbox.base);
    let left: Value = http().get(&url).send().await.expect("answer").json().await.expect("json");
    assert_eq!(left, json!([]), "what has struck is gone");
    let entries = sandbox.ledger().await;
    let reported: Vec<(&Value, &Value)> =
        entries.iter().map(|entry| (&entry["status"], &entry["committed"])).collect();
    assert_eq!(
        reported,
        [(&json!(429), &json!(false)), (&json!(429), &json!(false)), (&json!(201), &json!(true))]
    );
    assert_eq!(entries[2]["properties"]["ACTIVITY_TYPE"], json!("ATTEND"));
}

#[tokio::test]
async fn a_cut_after_the_commit_is_told_in_the_ledger() {
    let sandbox = start().await;
    let (_, there) = insert_under(&sandbox, json!([{ "kind": "dropAfterCommit", "count": 1 }])).await;
    assert!(there);
    let entry = sandbox.ledger().await.remove(0);
    assert_eq!((&entry["status"], &entry["note"]), (&Value::Null, &json!("dropAfterCommit")));
    assert!(entry["at"].as_str().is_some_and(|at| at.ends_with('Z')) && entry["key"].is_string(), "{entry}");
}

#[tokio::test]
async fn wrong_faults_are_refused_and_change_nothing() {
    let sandbox = start().await;
    sandbox.faults(json!([{ "kind": "delay", "milliseconds": 1 }])).await;
    let url = format!("{}/_sandbox/faults", sandbox.base);
    for body in ["nonsense", "[{\"kind\":\"explode\"}]", "{\"faults\":3}"] {
        let answer = http().post(&url).body(body).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 400, "{body}");
    }
    let page = http().post(&url).header("origin", "https://evil.example").body("[]").send().await;
    assert_eq!(page.expect("an answer").status().as_u16(), 403, "no web page controls the sandbox");
    let left: Value = http().get(&url).send().await.expect("answer").json().await.expect("json");
    assert_eq!(left.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_reset_forgets_records_faults_and_ledger_but_no_member() {
    let sandbox = start().await;
    let client = sandbox.client();
    let first = client.insert(&attendance("12345")).await.expect("inserted").key;
    sandbox.faults(json!([{ "kind": "status", "on": "read" }])).await;
    let about = sandbox.control("reset", json!({})).await;
    assert_eq!(
        (&about["activities"], &about["ledger"], &about["faults"]),
        (&json!(0), &json!(0), &json!([]))
    );
    assert_eq!(client.parties(None, 1).await.expect("members").1, 501);
    assert_eq!(client.insert(&attendance("12345")).await.expect("inserted").key, first, "numbers begin anew");
}
