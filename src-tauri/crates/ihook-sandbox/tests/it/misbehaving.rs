//! Servers that are no iMIS, or one on a bad day: a class and a clear sentence for each.

use std::time::Duration;

use ihook_imis::{FailureClass, Limits, Target};

use crate::support::{Act, Odd, attendance, client, client_within, good_token, http_answer, short};

#[tokio::test]
async fn answers_that_cannot_be_read_leave_an_insert_in_doubt() {
    let truncated = http_answer("201 Created", "", r#"{"$type":"x","Identity":{"#);
    let mut cut_short = http_answer("201 Created", "", r#"{"$type":"x"}"#);
    cut_short.truncate(cut_short.len() - 4);
    let cases = [
        (
            http_answer("200 OK", "content-type: text/html\r\n", "<!DOCTYPE html><html>Sign in</html>"),
            "web page",
            FailureClass::SomethingElse,
        ),
        (truncated, "breaks off", FailureClass::Cut),
        (cut_short, "cut", FailureClass::Cut),
        (http_answer("200 OK", "", "certainly!"), "not JSON", FailureClass::SomethingElse),
        (http_answer("200 OK", "", &"x".repeat(10 * 1024 * 1024)), "8 MB", FailureClass::TooLong),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nA00000\r\n"
                .iter()
                .copied()
                .chain(vec![b'x'; 0xA0_0000])
                .collect(),
            "8 MB",
            FailureClass::TooLong,
        ),
        (b"not http at all\r\n\r\n".to_vec(), "cut", FailureClass::Cut),
    ];
    for (answer, word, class) in cases {
        let odd = Odd::saying(answer).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(word);
        assert_eq!(failed.class, class, "{word}: {}", failed.message);
        assert!(failed.message.contains(word), "{word}: {}", failed.message);
        assert_eq!(odd.count("POST /api/Activity"), 1, "never sent twice");
    }
}

#[tokio::test]
async fn a_cut_before_the_answer_leaves_an_insert_in_doubt() {
    let odd = Odd::start(|request| good_token(request).unwrap_or(Act::Cut)).await;
    let failed = odd.client().insert(&attendance("7")).await.expect_err("cut");
    assert_eq!(failed.class, FailureClass::Cut);
    assert!(failed.message.contains("cut"), "{}", failed.message);
    assert_eq!(odd.count("POST /api/Activity"), 1);
}

#[tokio::test]
async fn slow_servers_time_out_in_doubt() {
    let half = b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{".to_vec();
    for beginning in [Vec::new(), b"HTTP/1.1 20".to_vec(), half] {
        let shown = String::from_utf8_lossy(&beginning).into_owned();
        let odd =
            Odd::start(move |request| good_token(request).unwrap_or_else(|| Act::Hang(beginning.clone())))
                .await;
        let client = client_within(&odd.base, "u", "p", short());
        let failed = client.insert(&attendance("7")).await.expect_err("slow");
        assert_eq!(failed.class, FailureClass::TimedOut, "{shown}: {}", failed.message);
        assert!(failed.message.contains("in time"), "{}", failed.message);
    }
}

#[tokio::test]
async fn what_cannot_be_reached_inserted_nothing() {
    let odd = Odd::saying(Vec::new()).await;
    let tls = odd.base.replace("http://", "https://");
    let cases = [("http://127.0.0.1:1".to_owned(), "cannot be reached"), (tls, "cannot be reached")];
    for (base, word) in cases {
        let limits = Limits { connect: Duration::from_secs(1), ..Limits::default() };
        let client = client_within(&base, "u", "p", limits);
        let failed = client.insert(&attendance("7")).await.expect_err(word);
        assert_eq!(failed.class, FailureClass::NotConnected, "{base}: {}", failed.message);
        assert!(failed.message.contains(word), "{}", failed.message);
    }
}

#[tokio::test]
async fn redirects_are_not_followed_and_say_where_they_lead() {
    let elsewhere = Odd::saying(http_answer("200 OK", "", "{}")).await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location =
            format!("location: {}/api/Activity\r\n", elsewhere.base.replace("127.0.0.1", "localhost"));
        let odd = Odd::saying(http_answer(status, &location, "")).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(status);
        assert_eq!(
            failed.class,
            FailureClass::SomethingElse,
            "whether it let the insert through is not known"
        );
        assert!(failed.message.contains("redirects to http://localhost"), "{}", failed.message);
        let failed = odd.client().party("7").await.expect_err(status);
        assert_eq!(failed.class, FailureClass::SomethingElse, "a read waits for iMIS itself");
    }
    assert_eq!(elsewhere.seen.lock().expect("requests").len(), 0, "the token stays at home");
}

#[tokio::test]
async fn a_success_without_the_key_of_a_record_leaves_an_insert_in_doubt() {
    let (late, unproven) = (FailureClass::TakenForLater, FailureClass::Unproven);
    let typed = r#"{"$type":"Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts","#;
    let cases = [
        ("204 No Content", String::new(), unproven),
        ("201 Created", String::new(), unproven),
        ("202 Accepted", "null".to_owned(), late),
        ("200 OK", "  {} ".to_owned(), unproven),
        ("200 OK", "[]".to_owned(), unproven),
        ("200 OK", "true".to_owned(), unproven),
        ("200 OK", r#"{"SEQN":7}"#.to_owned(), unproven),
        ("200 OK", r#"{"status":"ok","id":7}"#.to_owned(), unproven),
        (
            "201 Created",
            "\u{feff}{\"Identity\":{\"IdentityElements\":{\"$values\":[]}}}".to_owned(),
            unproven,
        ),
        (
            "201 Created",
            format!(r#"{typed}"EntityTypeName":"Activity","Properties":{{"$values":[]}}}}"#),
            unproven,
        ),
        (
            "201 Created",
            format!(
                r#"{typed}"EntityTypeName":"Gift","Identity":{{"IdentityElements":{{"$values":["9"]}}}}}}"#
            ),
            unproven,
        ),
        ("201 Created", r#"{"Identity":{"IdentityElements":{"$values":["0"]}}}"#.to_owned(), unproven),
    ];
    for (status, body, kind) in cases {
        let odd = Odd::saying(http_answer(status, "", &body)).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(&body);
        assert_eq!((failed.class, failed.refusal), (kind, None), "{status} {body}: {}", failed.message);
    }
    let odd = Odd::saying(http_answer(
        "202 Accepted",
        "",
        r#"{"Identity":{"IdentityElements":{"$values":["77"]}}}"#,
    ));
    let inserted = odd.await.client().insert(&attendance("7")).await.expect("a record with its key");
    assert_eq!(inserted.key.as_deref(), Some("77"));
}

#[tokio::test]
async fn an_error_in_the_clothes_of_a_success_keeps_its_words() {
    for (body, words) in [
        (r#"{"IsValid":false,"Errors":{"$values":[{"FieldName":"X","Message":"X is bad."}]}}"#, "X is bad."),
        (r#"{"Message":"An error has occurred."}"#, "An error has occurred."),
    ] {
        let odd = Odd::saying(http_answer("200 OK", "", body)).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(body);
        assert_eq!(
            (failed.class, failed.refusal.as_deref()),
            (FailureClass::Unproven, Some(words)),
            "{body}"
        );
        assert!(failed.message.contains(words), "{}", failed.message);
    }
}

#[tokio::test]
async fn nothing_but_imis_is_taken_for_imis() {
    let cases = [
        ("404 Not Found", "<html><h1>404</h1></html>", "a web page"),
        ("404 Not Found", "", "an empty answer"),
        ("404 Not Found", "404 page not found", "404 page not found"),
        ("404 Not Found", "{}", "JSON that is not iMIS's"),
        ("404 Not Found", r#"{"message":"no Route matched with those values"}"#, "JSON"),
        ("403 Forbidden", "<html>blocked</html>", "a web page"),
        ("403 Forbidden", "error code: 1020", "1020"),
        ("400 Bad Request", r#"{"error":"bad"}"#, "JSON"),
        ("200 OK", "<html>Sign in</html>", "a web page"),
        ("200 OK", "", "an empty answer"),
        ("200 OK", "null", "JSON"),
        ("200 OK", "{}", "JSON"),
        ("200 OK", "[]", "JSON"),
        ("200 OK", r#"{"id":"12345","name":"Somebody"}"#, "JSON"),
        ("200 OK", r#"{"items":[],"total":0}"#, "JSON"),
        ("200 OK", "fine", "not JSON"),
        ("302 Found", "", "redirects"),
    ];
    for (status, body, what) in cases {
        let odd = Odd::saying(http_answer(status, "", body)).await;
        let client = odd.client();
        let outcomes = [
            client.party("12345").await.map(|_| ()),
            client.panel("Event_Attendance").await.map(|_| ()),
            client.record(&Target::panel_named("Event_Attendance"), "~7|1").await.map(|_| ()),
            client.fetch("query", &[]).await.map(|_| ()),
            client.parties(None, 1).await.map(|_| ()),
            client.rows("Activity", &[], 1).await.map(|_| ()),
            client.activity_types().await.map(|_| ()),
            client.panels().await.map(|_| ()),
            client.activity_columns().await.map(|_| ()),
        ];
        for (at, outcome) in outcomes.into_iter().enumerate() {
            let failed = outcome.expect_err(&format!("read {at}: {status} {body}"));
            assert_eq!(
                failed.class,
                FailureClass::SomethingElse,
                "read {at}: {status} {body}: {}",
                failed.message
            );
            let host = odd.base.trim_start_matches("http://");
            assert!(
                failed.message.contains(&format!("something else answered at {host}")),
                "{}",
                failed.message
            );
            // A list says what it is not.
            assert!(failed.message.contains(what) || failed.message.contains("list"), "{}", failed.message);
        }
    }
}

#[tokio::test]
async fn refusals_carry_the_servers_words_in_every_form() {
    let cases = [
        (
            "400 Bad Request",
            r#"{"Errors":{"$values":[{"FieldName":"X","Message":"X is bad."}]}}"#,
            "X is bad.",
        ),
        ("400 Bad Request", r#"{"Message":"The request is odd."}"#, "The request is odd."),
        ("404 Not Found", "", "404"),
        ("409 Conflict", "there already", "there already"),
    ];
    for (status, body, word) in cases {
        let odd = Odd::saying(http_answer(status, "", body)).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(status);
        let number = status[..3].parse::<u16>().expect("a status");
        assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(number)));
        assert!(failed.message.contains(word) && !failed.message.contains('<'), "{}", failed.message);
        assert_eq!(failed.status(), Some(number));
    }
}

#[tokio::test]
async fn a_site_without_imis_at_this_path_has_no_missing_member() {
    let body = r#"{"Message":"No HTTP resource was found.","MessageDetail":"No type was found."}"#;
    let odd = Odd::saying(http_answer("404 Not Found", "", body)).await;
    assert_eq!(odd.client().party("12345").await.expect_err("no member").class, FailureClass::SomethingElse);
    assert_eq!(
        odd.client().panel("Event_Attendance").await.expect_err("no panel").class,
        FailureClass::SomethingElse
    );
    // The path of a workflow may be mistyped: waiting would fix nothing.
    let failed = odd.client().fetch("Prty", &[]).await.expect_err("no such path");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(404)));
}

#[tokio::test]
async fn a_refusal_by_something_in_front_of_imis_leaves_an_insert_in_doubt() {
    for (status, body) in [
        ("413 Payload Too Large", "<html>nginx</html>"),
        ("403 Forbidden", "<html>blocked</html>"),
        ("404 Not Found", r#"{"message":"no Route matched with those values"}"#),
        ("400 Bad Request", "{}"),
    ] {
        let odd = Odd::saying(http_answer(status, "", body)).await;
        let failed = odd.client().insert(&attendance("7")).await.expect_err(status);
        assert_eq!(failed.class, FailureClass::SomethingElse, "{status} {body}");
        assert!(failed.message.contains("something else answered") && !failed.message.contains('<'));
    }
}

#[tokio::test]
async fn a_list_without_an_end_is_left() {
    let page = r#"{"Items":{"$values":[{"PartyId":"1","Name":"One"}]},"HasNext":true,"NextOffset":0,"TotalCount":1}"#;
    let odd = Odd::saying(http_answer("200 OK", "", page)).await;
    let (parties, _) = odd.client().parties(None, 5).await.expect("read");
    assert!(parties.len() <= 5);
    let odd = Odd::saying(http_answer("200 OK", "", r#"{"Message":"no list"}"#)).await;
    let failed = odd.client().parties(None, 5).await.expect_err("no list");
    assert!(failed.message.contains("list of Party"), "{}", failed.message);
}

#[tokio::test]
async fn a_server_that_ignores_the_id_does_not_make_everybody_a_member() {
    let page = r#"{"Items":{"$values":[{"PartyId":"1","Name":"One"}]},"TotalCount":1}"#;
    let odd = Odd::saying(http_answer("200 OK", "", page)).await;
    assert_eq!(odd.client().party("x y").await.expect("read"), None);
    let odd = Odd::saying(http_answer("200 OK", "", r#"{"PartyId":"2","Name":"Two"}"#)).await;
    assert_eq!(odd.client().party("3").await.expect("read"), None);
}

#[tokio::test]
async fn a_site_that_is_up_again_is_used_again() {
    let odd = Odd::saying(http_answer("200 OK", "", r#"{"PartyId":"7"}"#)).await;
    let late = client("http://127.0.0.1:1", "u", "p");
    assert!(
        late.party("7").await.is_err() && late.party("7").await.is_err(),
        "a failed sign-in is tried anew"
    );
    assert!(odd.client().party("7").await.expect("read").is_some());
}
