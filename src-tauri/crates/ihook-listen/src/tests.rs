//! What a bug costs.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::{BodyExt, Full};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::service_fn;

use super::*;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// What comes for this request until the connection is closed or `text` has come.
async fn ask(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(REQUEST).await.unwrap();
    let mut came = Vec::new();
    while !String::from_utf8_lossy(&came).contains(text) && stream.read_buf(&mut came).await.unwrap() > 0 {}
    String::from_utf8(came).unwrap()
}

/// Serves `answers` while `test` talks to it, then ends.
async fn with<B: AnswerBody>(
    answers: impl Answers<B>,
    is_proxy: impl Fn(IpAddr) -> bool,
    test: impl AsyncFnOnce(SocketAddr),
) {
    let listener = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    let tested = async {
        test(address).await;
        shutdown.cancel();
    };
    tokio::join!(serve(listener, answers, is_proxy, shutdown.clone()), tested);
}

async fn hello(_request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from("hello")))
}

#[tokio::test]
async fn a_panic_while_a_connection_is_accepted_ends_neither_the_listener_nor_the_others() {
    let trap = AtomicBool::new(false);
    let is_proxy = |_address| {
        assert!(!trap.swap(false, Ordering::Relaxed), "on purpose");
        true
    };
    with(service_fn(hello), is_proxy, async |address| {
        let mut before = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut before, "hello").await.contains("hello"));
        trap.store(true, Ordering::Relaxed);
        let mut lost = TcpStream::connect(address).await.unwrap();
        assert_eq!(lost.read(&mut [0]).await.unwrap_or_default(), 0, "the one that met it is closed");
        let mut after = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut after, "hello").await.contains("hello"), "the next one is served");
        assert!(ask(&mut before, "hello").await.contains("hello"), "and so are those that were there");
    })
    .await;
}

#[tokio::test]
async fn a_panic_in_an_answer_is_500_and_the_next_request_is_answered() {
    let trap = Arc::new(AtomicBool::new(true));
    let answers = service_fn(move |request| {
        let trap = Arc::clone(&trap);
        async move {
            assert!(!trap.swap(false, Ordering::Relaxed), "on purpose");
            hello(request).await
        }
    });
    with(
        answers,
        |_| true,
        async |address| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let answer = ask(&mut stream, "\r\n\r\n").await;
            assert!(answer.starts_with("HTTP/1.1 500") && answer.ends_with("\r\n\r\n"), "{answer}");
            assert!(ask(&mut stream, "hello").await.contains("hello"));
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_cut_has_no_answer_and_dropping_the_server_closes_what_hangs() {
    let answers =
        service_fn(async |request: Request<Incoming>| match request.extensions().get::<Cut>().cloned() {
            Some(cut) => cut.now().await,
            None => hello(request).await,
        });
    with(
        answers,
        |_| true,
        async |address| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            assert_eq!(ask(&mut stream, "HTTP").await, "");
        },
    )
    .await;
    let listener = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let never = service_fn(async |request: Request<Incoming>| {
        std::future::pending::<()>().await;
        hello(request).await
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    tokio::select! {
        () = serve(listener, never, |_| true, CancellationToken::new()) => {}
        written = stream.write_all(REQUEST) => written.unwrap(),
    }
    assert_eq!(stream.read(&mut [0]).await.unwrap_or_default(), 0);
}

#[tokio::test]
async fn whoever_sends_nothing_more_is_let_go_wherever_that_is() {
    let soon = Duration::from_millis(50);
    let limits = Limits { head: soon, idle: soon, stall: soon };
    let listener = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    let answers = service_fn(async |request: Request<Incoming>| {
        // Without a limit of its own.
        let whole = request.into_body().collect().await.is_ok();
        Ok(Response::new(Full::from(if whole { "whole" } else { "broken" })))
    });
    let test = async {
        let post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
        for (what, sent, answered) in [
            ("nothing", String::new(), ""),
            ("half a head", post[..20].to_owned(), ""),
            ("half a body", format!("{post}12345"), "broken"),
            ("a request and then no other", format!("{post}1234567890"), "whole"),
        ] {
            let (mut stream, mut came) = (TcpStream::connect(address).await.unwrap(), Vec::new());
            stream.write_all(sent.as_bytes()).await.unwrap();
            let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut came)).await;
            assert!(closed.is_ok(), "{what}: kept open");
            let came = String::from_utf8_lossy(&came);
            assert!(came.ends_with(answered), "{what}: {came}");
        }
        shutdown.cancel();
    };
    tokio::join!(serve_within(limits, listener, answers, |_| true, shutdown.clone()), test);
}
