//! A sandbox on a free port, clients for it, records to insert, and a server with given answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ihook_imis::wire::{FieldValue, TypedField};
use ihook_imis::{Client, Credentials, Limits, NewRecord, Site, Target};
use ihook_sandbox::{Sandbox, serve};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// A sandbox that is being served; it ends with this.
pub(crate) struct Running {
    pub(crate) base: String,
    pub(crate) shutdown: CancellationToken,
    pub(crate) task: JoinHandle<std::io::Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

pub(crate) async fn start() -> Running {
    start_with(Sandbox::in_memory().expect("a sandbox")).await
}

pub(crate) async fn start_with(sandbox: Sandbox) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let shutdown = CancellationToken::new();
    let task = tokio::spawn(serve(listener, sandbox, shutdown.clone()));
    Running { base, shutdown, task }
}

impl Running {
    pub(crate) fn client(&self) -> Client {
        client(&self.base, "sandbox", "sandbox")
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_sandbox/{path}", self.base);
        let answer = http().post(url).json(&body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("json")
    }

    pub(crate) async fn faults(&self, faults: Value) {
        self.control("faults", faults).await;
    }

    pub(crate) async fn ledger(&self) -> Vec<Value> {
        let url = format!("{}/_sandbox/ledger", self.base);
        let body: Value = http().get(url).send().await.expect("an answer").json().await.expect("json");
        body["entries"].as_array().cloned().expect("entries")
    }

    /// How many faults are still to strike.
    pub(crate) async fn faults_left(&self) -> usize {
        let url = format!("{}/_sandbox/faults", self.base);
        let list: Value = http().get(url).send().await.expect("an answer").json().await.expect("json");
        list.as_array().map_or(0, Vec::len)
    }

    /// A raw request with a good token.
    pub(crate) async fn raw(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let form = "Grant_Type=password&UserName=sandbox&PASSWORD=sandbox";
        let request = http().post(format!("{}/Token/", self.base)).body(form);
        let token: Value = request.send().await.expect("a token").json().await.expect("json");
        let method = method.parse().expect("a method");
        let mut request = http().request(method, format!("{}{path}", self.base));
        request = request.bearer_auth(token["access_token"].as_str().expect("a token"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.headers().get("x-imis-sandbox").map(|value| value.as_bytes()), Some(&b"1"[..]));
        let (status, text) = (answer.status().as_u16(), answer.text().await.expect("text"));
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

pub(crate) fn http() -> reqwest::Client {
    Client::http().expect("an HTTP client")
}

pub(crate) fn client(base: &str, username: &str, password: &str) -> Client {
    client_within(base, username, password, Limits::default())
}

pub(crate) fn client_within(base: &str, username: &str, password: &str, limits: Limits) -> Client {
    let password = Zeroizing::new(password.to_owned());
    let credentials = Credentials { username: username.to_owned(), password };
    let http = Client::http_with(&limits).expect("an HTTP client");
    Client::with_limits(http, Site::parse(base).expect("a site"), credentials, limits)
}

/// Limits short enough for a test to wait for them.
pub(crate) fn short() -> Limits {
    Limits { connect: Duration::from_secs(1), whole: Duration::from_secs(1), ..Limits::default() }
}

pub(crate) fn text(name: &str, value: &str) -> TypedField {
    field(name, FieldValue::Text(value.to_owned()))
}

pub(crate) fn field(name: &str, value: FieldValue) -> TypedField {
    TypedField { name: name.to_owned(), written: name.to_owned(), value }
}

pub(crate) fn attendance(party_id: &str) -> NewRecord {
    let fields = vec![
        text("ACTIVITY_TYPE", "ATTEND"),
        field("TRANSACTION_DATE", FieldValue::DateTime("2026-05-27T09:15:00".to_owned())),
        text("PRODUCT_CODE", "CONF2026"),
    ];
    NewRecord { target: Target::Activity, party_id: party_id.to_owned(), fields }
}

/// What a misbehaving server does with a request.
pub(crate) enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Closes without a word.
    Cut,
    /// Keeps the connection and says nothing (more than these bytes).
    Hang(Vec<u8>),
}

/// A server that hands out tokens and gives everything else the answer it was given.
pub(crate) struct Odd {
    pub(crate) base: String,
    /// Head and body of each request.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Odd {
    pub(crate) async fn start(act: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (act, noted) = (Arc::new(act), seen.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (act, noted) = (act.clone(), noted.clone());
                tokio::spawn(async move { converse(stream, &*act, &noted).await });
            }
        });
        Self { base, seen }
    }

    /// One that says the same to everything but a sign-in.
    pub(crate) async fn saying(answer: Vec<u8>) -> Self {
        Self::start(move |request| good_token(request).unwrap_or_else(|| Act::Say(answer.clone()))).await
    }

    /// One that says the same to everything.
    pub(crate) async fn saying_to_all(answer: Vec<u8>) -> Self {
        Self::start(move |_| Act::Say(answer.clone())).await
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.base, "u", "p")
    }

    pub(crate) fn count(&self, beginning: &str) -> usize {
        let seen = self.seen.lock().expect("the requests");
        seen.iter().filter(|request| request.starts_with(beginning)).count()
    }
}

pub(crate) fn good_token(request: &str) -> Option<Act> {
    request.starts_with("POST /token").then(|| {
        Act::Say(http_answer(
            "200 OK",
            "",
            r#"{"access_token":"abc","token_type":"bearer","expires_in":3600}"#,
        ))
    })
}

/// An answer with its length; `headers` end in `\r\n` each.
pub(crate) fn http_answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body.as_bytes()].concat()
}

async fn converse(
    mut stream: TcpStream,
    act: &(dyn Fn(&str) -> Act + Send + Sync),
    seen: &Mutex<Vec<String>>,
) {
    let Some(request) = read_request(&mut stream).await else { return };
    seen.lock().expect("the requests").push(request.clone());
    match act(&request) {
        Act::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            // What the client still sends is read, so that the close is not a reset.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Act::Cut => {}
        Act::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text);
        }
    }
}
