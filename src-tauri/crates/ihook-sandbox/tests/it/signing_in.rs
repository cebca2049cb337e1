//! One token for all, renewed once, never asked for again once refused, and nothing secret shown.

use std::sync::atomic::{AtomicUsize, Ordering};

use ihook_imis::{Access, Consequence, FailureClass};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Act, Odd, attendance, client, good_token, http_answer, start};

const PARTY: &str = r#"{"PartyId":"7","Name":"Seven"}"#;

#[tokio::test]
async fn many_callers_share_one_sign_in() {
    let odd = Odd::saying(http_answer("200 OK", "", PARTY)).await;
    let client = odd.client();
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        callers.spawn(async move { client.party("7").await.expect("read").is_some() });
    }
    assert!(callers.join_all().await.into_iter().all(|found| found));
    assert_eq!((odd.count("POST /token"), odd.count("GET /api/Party/7")), (1, 50));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all() {
    let tokens = AtomicUsize::new(0);
    let odd = Odd::start(move |request| {
        if request.starts_with("POST /token") {
            let number = tokens.fetch_add(1, Ordering::SeqCst);
            return Act::Say(http_answer(
                "200 OK",
                "",
                &json!({"access_token": format!("t{number}"), "expires_in": 99}).to_string(),
            ));
        }
        let first = request.to_lowercase().contains("bearer t0");
        let status = if first { "401 Unauthorized" } else { "200 OK" };
        Act::Say(http_answer(status, "", PARTY))
    })
    .await;
    let client = odd.client();
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        callers.spawn(async move { client.party("7").await.expect("read").is_some() });
    }
    assert!(callers.join_all().await.into_iter().all(|found| found));
    assert_eq!(odd.count("POST /token"), 2);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_remembered() {
    let body = r#"{"error":"invalid_grant","error_description":"The account is locked."}"#;
    let odd = Odd::saying_to_all(http_answer("400 Bad Request", "", body)).await;
    let client = odd.client();
    for _ in 0..3 {
        let failed = client.insert(&attendance("7")).await.expect_err("refused");
        assert_eq!(failed.class, FailureClass::Credentials);
        assert!(
            failed.message.contains("password") && failed.message.contains("locked"),
            "{}",
            failed.message
        );
        assert_eq!(failed.exchange.request.as_ref().and_then(|request| request.body.clone()), None);
    }
    assert_eq!(odd.count("POST "), 1, "trying again may lock the account");
}

#[tokio::test]
async fn a_token_that_is_never_taken_ends_after_one_renewal() {
    let odd = Odd::saying(http_answer("401 Unauthorized", "", r#"{"Message":"Not you."}"#)).await;
    let failed = odd.client().insert(&attendance("7")).await.expect_err("refused");
    assert_eq!(failed.class, FailureClass::NoToken);
    assert!(failed.message.contains("Not you."), "{}", failed.message);
    assert_eq!((odd.count("POST /token"), odd.count("POST /api/Activity")), (2, 2));
}

#[tokio::test]
async fn what_stands_in_front_of_the_sign_in_refuses_no_password() {
    for (status, body) in [
        ("401 Unauthorized", "<html>Proxy sign-in</html>"),
        ("401 Unauthorized", ""),
        ("401 Unauthorized", "Unauthorized"),
        ("400 Bad Request", "<html>400</html>"),
        ("400 Bad Request", "{}"),
        ("400 Bad Request", r#"{"message":"bad request"}"#),
    ] {
        let odd = Odd::saying_to_all(http_answer(status, "", body)).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(status);
        assert_eq!(failed.class, FailureClass::NoToken, "{status} {body}");
        assert!(failed.message.contains("something else answered"), "{}", failed.message);
    }
    let odd = Odd::saying_to_all(http_answer("401 Unauthorized", "", r#"{"Message":"Not you."}"#)).await;
    let failed = odd.client().insert(&attendance("7")).await.expect_err("refused");
    assert_eq!(
        failed.class,
        FailureClass::Credentials,
        "iMIS's own words: trying again may lock the account"
    );
}

#[tokio::test]
async fn trouble_at_the_sign_in_means_that_nothing_was_inserted() {
    let cases = [
        http_answer("503 Service Unavailable", "retry-after: 9\r\n", ""),
        http_answer("500 Internal Server Error", "", "oops"),
        http_answer("404 Not Found", "", "nothing here"),
        http_answer("403 Forbidden", "", "<html>blocked</html>"),
        http_answer("200 OK", "", "<html>welcome</html>"),
        http_answer("200 OK", "", "{}"),
        http_answer("200 OK", "", r#"{"access_token":"a\nb"}"#),
        http_answer("302 Found", "location: https://elsewhere.example/\r\n", ""),
    ];
    for answer in cases {
        let shown = String::from_utf8_lossy(&answer).into_owned();
        let odd = Odd::saying_to_all(answer).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(&shown);
        let expected = shown.contains("retry-after").then(|| std::time::Duration::from_secs(9));
        assert_eq!(failed.retry_after, expected, "{shown}");
        assert_eq!(failed.consequence(Access::Write), Consequence::Wait, "{shown}: {:?}", failed.class);
        assert_eq!(odd.count("POST /api"), 0, "{shown}");
    }
}

#[tokio::test]
async fn passwords_of_any_characters_arrive_whole() {
    let odd = Odd::start(|request| good_token(request).unwrap_or(Act::Cut)).await;
    let client = client(&odd.base, "Zoë+1@x", "p&=%+ ü🎫\"");
    assert!(client.party("7").await.is_err());
    let sent = odd.seen.lock().expect("requests")[0].clone();
    let form = sent.split("\r\n\r\n").nth(1).expect("a form");
    assert_eq!(
        form,
        "grant_type=password&username=Zo%C3%AB%2B1%40x&password=p%26%3D%25%2B%20%C3%BC%F0%9F%8E%AB%22"
    );
    let shown = format!("{client:?}");
    assert!(!shown.contains("ü🎫") && shown.contains("Zoë"), "{shown}");
}

#[tokio::test]
async fn tokens_are_renewed_before_they_end() {
    let odd = Odd::start(|request| {
        if request.starts_with("POST /token") {
            return Act::Say(http_answer("200 OK", "", r#"{"access_token":"short","expires_in":0}"#));
        }
        Act::Say(http_answer("200 OK", "", PARTY))
    })
    .await;
    let client = odd.client();
    for _ in 0..2 {
        client.party("7").await.expect("read");
    }
    assert_eq!(odd.count("POST /token"), 2, "a token at its end is not used again");
}

#[tokio::test]
async fn an_expired_token_costs_one_sign_in_and_no_second_record() {
    let sandbox = start().await;
    let client = sandbox.client();
    client.insert(&attendance("12345")).await.expect("inserted");
    sandbox.faults(json!([{ "kind": "expireToken", "count": 1 }])).await;
    client.insert(&attendance("12345")).await.expect("inserted after a renewal");
    assert_eq!(client.rows("Activity", &[], 10).await.expect("rows").total, 2);
}
