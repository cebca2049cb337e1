//! What the listener does with bytes that no well-meant client sends, and with clients that dawdle.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::wire::{Wire, exchange, path, status};
use serde_json::{Value, json};

async fn hook(app: &TestApp) -> Value {
    app.import(&workflow_of(json!([]))).await["url"].clone()
}

/// Settles every run there is; how many.
async fn runs(app: &TestApp) -> usize {
    let listed = app.call("run_list", json!({})).await;
    let runs = listed["runs"].as_array().unwrap().clone();
    for run in &runs {
        app.settle(run["id"].as_str().unwrap()).await;
    }
    runs.len()
}

/// What is wrong, the version, the header lines (`~` for CR LF), the body.
const UNCLEAR: [(&str, &str, &str, &str); 22] = [
    ("no Host", "1.1", "", ""),
    ("no Host in HTTP/1.0", "1.0", "", ""),
    ("two Hosts", "1.1", "Host: localhost~Host: localhost~", ""),
    ("an empty Host", "1.1", "Host:~", ""),
    ("a Host with a user", "1.1", "Host: a@localhost~", ""),
    ("two like lengths", "1.1", "Host: a~Content-Length: 2~Content-Length: 2~", "{}"),
    ("two lengths", "1.1", "Host: a~Content-Length: 2~Content-Length: 3~", "{}"),
    ("a list of lengths", "1.1", "Host: a~Content-Length: 2, 2~", "{}"),
    ("a length with a sign", "1.1", "Host: a~Content-Length: +2~", "{}"),
    ("length and chunks", "1.1", "Host: a~Content-Length: 2~Transfer-Encoding: chunked~", "2~{}~0~~"),
    ("chunks and length", "1.1", "Host: a~Transfer-Encoding: chunked~Content-Length: 2~", "2~{}~0~~"),
    ("two codings", "1.1", "Host: a~Transfer-Encoding: gzip, chunked~", "2~{}~0~~"),
    ("a foreign coding", "1.1", "Host: a~Transfer-Encoding: xchunked~", "2~{}~0~~"),
    ("chunked twice", "1.1", "Host: a~Transfer-Encoding: chunked~Transfer-Encoding: chunked~", "2~{}~0~~"),
    ("the identity coding", "1.1", "Host: a~Transfer-Encoding: identity~", "{}"),
    ("chunks in HTTP/1.0", "1.0", "Host: a~Transfer-Encoding: chunked~", "2~{}~0~~"),
    ("a bare line feed", "1.1", "Host: a\nX-A: b~", ""),
    ("a folded header", "1.1", "Host: a~X-A: b~ c~", ""),
    ("a space before the colon", "1.1", "Host : a~", ""),
    ("a zero byte", "1.1", "Host: a~X-A: b\0c~", ""),
    ("a bad chunk", "1.1", "Host: a~Transfer-Encoding: chunked~", "zz~{}~0~~"),
    ("a huge chunk", "1.1", "Host: a~Transfer-Encoding: chunked~", "fffffffffffffffff~{}"),
];

#[tokio::test]
async fn unclear_framing_is_400_and_the_connection_closes() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let path = path(&url);
    let others = [
        (
            "a foreign host in the request line",
            format!("POST http://evil.example{path} HTTP/1.1\r\nHost: a\r\n\r\n"),
        ),
        ("another protocol", "PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n\r\n".to_owned()),
        ("TLS", "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n".to_owned()),
    ];
    let cases = UNCLEAR.map(|(what, version, headers, body)| {
        let text = format!("POST {path} HTTP/{version}~Content-Type: application/json~{headers}~{body}");
        (what, text.replace('~', "\r\n"))
    });
    for (what, request) in cases.into_iter().chain(others) {
        let answer = exchange(&app.hooks_url, &request).await;
        assert_eq!(status(&answer), 400, "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{what}: one answer, then the end: {answer}");
    }
    let preface = exchange(&app.hooks_url, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(matches!(status(&preface), 0 | 400 | 505), "no HTTP/2 without TLS: {preface}");
    assert_eq!(runs(&app).await, 0, "none of it made a run");
    let log = app.call("delivery_list", json!({})).await;
    let reasons: Vec<_> = log["deliveries"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons.len(), 2, "only the two whose body broke are in the log: {reasons:?}");
    app.stop().await;
}

#[tokio::test]
async fn nothing_is_smuggled_behind_an_unclear_request() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let path = path(&url);
    let hidden = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let answer = exchange(
        &app.hooks_url,
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            hidden.len() + 5
        ),
    )
    .await;
    assert_eq!((status(&answer), answer.matches("HTTP/1.").count()), (400, 1), "{answer}");
    assert_eq!(runs(&app).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn well_formed_requests_of_every_kind_are_taken_one_after_another() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let path = path(&url);
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    let requests = [
        format!("{head}Content-Length: 2\r\n\r\n{{}}"),
        format!("\r\n{head}Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{{\r\n1\r\n}}\r\n0\r\nX-T: y\r\n\r\n"),
        format!(
            "{head}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 2\r\n\r\n{{}}"
        ),
        format!("{head}\r\n"),
        format!("POST http://localhost{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];
    let mut wire = Wire::connect(&app.hooks_url).await;
    wire.send(requests.concat()).await;
    let answers = wire.end().await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), requests.len(), "{answers}");
    assert_eq!(runs(&app).await, requests.len());
    app.stop().await;
}

#[tokio::test]
async fn one_url_has_a_few_spellings_and_every_other_path_is_taken_as_it_is_written() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let (key, token) = path(&url).strip_prefix("/hooks/").unwrap().split_once('/').unwrap();
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let twice = escaped(token).replace('%', "%25");
    let (key_escaped, token_escaped) = (escaped(key), escaped(token).to_uppercase());
    let cases = [
        (format!("/hooks/{key}/{token}?a=b"), 200),
        (format!("/hooks/{key}/{token}/"), 200),
        (format!("//hooks//{key}//{token}//?a=//"), 200),
        (format!("/%68ooks/{key_escaped}/{token_escaped}"), 200),
        (format!("/hooks/{key}/{twice}"), 401),
        (format!("/hooks/{key}/{token}%2f"), 401),
        (format!("/hooks/{key}/{token}/."), 401),
        (format!("/hooks/{key}/{token}/x"), 401),
        (format!("/hooks/{key}/x/%2e%2e/{token}"), 401),
        (format!("/hooks/{key}/{token}%00"), 401),
        (format!("/hooks/{key}/{}", token.to_uppercase()), 401),
        (format!("/hooks/{key}/x/{token}"), 401),
        (format!("/hooks/{key}/"), 401),
        (format!("/hooks/{key}%2f{token}"), 404),
        (format!("/hooks/{key}"), 404),
        (format!("/hooks/%20/{token}"), 400),
        (format!("/hooks//{token}"), 404),
        (format!("/%2fhooks/{key}/{token}"), 404),
        (format!("/HOOKS/{key}/{token}"), 404),
        (format!("/x/../hooks/{key}/{token}"), 404),
        (format!("/x/%2e%2e/hooks/{key}/{token}"), 404),
        ("/hooks".to_owned(), 404),
        ("/hooks/".to_owned(), 404),
        ("/".to_owned(), 404),
        ("/admin".to_owned(), 404),
        ("/rpc/workflow_list".to_owned(), 404),
        (format!("/hooks/{key}/{}", "x".repeat(9000)), 414),
        (format!("/hooks/{key}/{}", "x".repeat(20_000)), 431),
    ];
    for (path, wanted) in &cases {
        let request = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = exchange(&app.hooks_url, request).await;
        assert_eq!(status(&answer), *wanted, "{}: {answer}", &path[..path.len().min(80)]);
    }
    let many = "X-A: b\r\n".repeat(70);
    let large = format!("X-A: {}\r\n", "b".repeat(20_000));
    for headers in [many, large] {
        let request = format!("POST /hooks/{key}/{token} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        assert_eq!(status(&exchange(&app.hooks_url, request).await), 431, "too many or too large headers");
    }
    assert_eq!(runs(&app).await, 4, "one for each spelling");
    app.stop().await;
}

#[tokio::test]
async fn methods_other_than_post_are_405_and_options_204_without_a_word() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    for path in [path(&url), "/hooks/nobody/nothing"] {
        for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let answer = exchange(&app.hooks_url, request).await.to_ascii_lowercase();
            assert_eq!(status(&answer), 405, "{method} {path}: {answer}");
            assert!(
                answer.contains("\r\nallow: post\r\n") && answer.ends_with("\r\n\r\n"),
                "{method}: {answer}"
            );
        }
        let request = format!("OPTIONS {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&exchange(&app.hooks_url, request).await), 204);
    }
    assert_eq!(app.call("delivery_list", json!({})).await["deliveries"], json!([]), "no entries");
    app.stop().await;
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_400_once_there_is_a_public_one() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let settings = json!({ "settings": { "publicBaseUrl": "https://hooks.example.org:8443/ihook" } });
    app.call("settings_save", settings).await;
    for (host, wanted) in [
        ("hooks.example.org", 200),
        ("HOOKS.EXAMPLE.ORG:443", 200),
        ("127.0.0.1:1", 200),
        ("localhost", 200),
        ("[::1]", 200),
        ("evil.example", 400),
        ("hooks.example.org.evil.example", 400),
    ] {
        for path in [path(&url).to_owned(), format!("/ihook{}", path(&url))] {
            let request = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = exchange(&app.hooks_url, request).await;
            assert_eq!(status(&answer), wanted, "{host} {path}: {answer}");
        }
    }
    assert_eq!(app.call("delivery_list", json!({})).await["deliveries"], json!([]), "no entries");
    assert_eq!(runs(&app).await, 10);
    app.stop().await;
}

#[tokio::test]
async fn a_sender_that_has_yet_to_send_a_body_that_is_too_large_reads_413() {
    let app = TestApp::start().await;
    let mut file = workflow_of(json!([]));
    file["trigger"]["maxBodyBytes"] = json!(1000);
    let url = app.import(&file).await["url"].clone();
    let head =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", path(&url));

    let mut wire = Wire::connect(&app.hooks_url).await;
    wire.send(format!("{head}Content-Length: 3000000\r\n\r\n{{")).await;
    wire.until("413 Payload Too Large").await;
    // Everything is sent before anything more is read, as simple clients do.
    wire.send("x".repeat(2_999_999)).await;
    wire.rest().await;

    let answer =
        exchange(&app.hooks_url, format!("{head}Content-Length: 3000000\r\n\r\n{}", "x".repeat(3_000_000)))
            .await;
    assert_eq!(status(&answer), 413, "{answer}");
    let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1000));
    let answer =
        exchange(&app.hooks_url, format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(2000)))
            .await;
    assert_eq!(status(&answer), 413, "{answer}");
    let answer =
        exchange(&app.hooks_url, format!("{head}Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n")).await;
    assert_eq!(status(&answer), 413, "and nobody asks for the body: {answer}");

    let log = app.call("delivery_list", json!({ "status": 413 })).await;
    assert_eq!(log["deliveries"].as_array().unwrap().len(), 4);
    assert_eq!(log["deliveries"][0]["bodyKept"], false);
    app.stop().await;
}

#[tokio::test]
async fn a_client_that_dawdles_is_let_go() {
    let app = TestApp::start().await;
    let url = hook(&app).await;
    let head =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", path(&url));
    let dawdle = async |bytes: String| {
        let started = std::time::Instant::now();
        (exchange(&app.hooks_url, bytes).await, started.elapsed().as_secs())
    };
    let ((silent, first), (partial, second), (body, third)) = tokio::join!(
        dawdle(String::new()),
        dawdle(head.clone()),
        dawdle(format!("{head}Content-Length: 10\r\n\r\n{{")),
    );
    assert_eq!(silent, "", "a silent connection ends without a word");
    assert!(matches!(status(&partial), 0 | 400 | 408), "half a head is no request: {partial}");
    assert!((9..13).contains(&first) && (9..13).contains(&second), "after 10 s: {first} {second}");
    assert_eq!(status(&body), 408, "{body}");
    assert!((14..19).contains(&third), "the whole body has 15 s: {third}");
    app.stop().await;
}

#[tokio::test]
async fn a_request_that_is_under_way_when_the_program_stops_gets_its_answer() {
    let app = TestApp::start().await;
    let url = app.import(&workflow()).await["url"].clone();
    let (hooks, body) = (app.hooks_url.clone(), check_in().to_string());
    let mut idle = Wire::connect(&hooks).await;
    idle.send("GET /hooks/a/b HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    idle.until("405").await;
    let mut wire = Wire::connect(&hooks).await;
    let (first, second) = body.split_at(10);
    wire.send(format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        path(&url),
        body.len()
    ))
    .await;
    // The body is being read once the server asks for it.
    wire.until("100 Continue").await;
    wire.send(first).await;
    let finish = async {
        idle.rest().await;
        wire.send(second).await;
        wire.rest().await
    };
    let (app, answer) = tokio::join!(app.restart(), finish);
    assert_eq!(status(&answer), 200, "{answer}");
    let id = app.call("run_list", json!({})).await["runs"][0]["id"].as_str().unwrap().to_owned();
    assert!(answer.contains(&id), "{answer}");
    assert_eq!(
        app.settle(&id).await["run"]["status"],
        "succeeded",
        "what was answered is run after the start"
    );
    app.stop().await;
}
