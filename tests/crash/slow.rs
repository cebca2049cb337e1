//! Thousands of clients that say nothing, or very slowly, beside one that means it.

use std::time::{Duration, Instant};

use ihook_tests::files::workflow_of;
use ihook_tests::process::{Program, until_within};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::start;

const CLIENTS: usize = 2000;
/// A good delivery is answered within this.
const PROMPT: Duration = Duration::from_secs(2);
/// Memory may grow by so much, and is back within a minute; kilobytes.
const GROWTH: u64 = 50 * 1024;
/// Counts as back: what an allocator keeps for the next time.
const KEPT: u64 = 10 * 1024;

/// Resident memory in kilobytes.
fn memory(program: &Program) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Connects and delays in one of three ways until it is cut off, again and again.
async fn stall(address: String, path: String, way: usize) {
    loop {
        let Ok(mut stream) = TcpStream::connect(&address).await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        let (at_once, drops) = match way {
            0 => (String::new(), String::new()),
            1 => (String::new(), head),
            _ => (format!("{head}Content-Length: 5000\r\n\r\n"), "{".to_owned() + &" ".repeat(4999)),
        };
        if stream.write_all(at_once.as_bytes()).await.is_err() {
            continue;
        }
        for drop in drops.as_bytes() {
            if stream.write_all(&[*drop]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        // Waits for the other side to give up.
        let _ = tokio::time::timeout(Duration::from_secs(30), stream.readable()).await;
        let _ = stream.try_read(&mut [0; 512]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_slow_clients_keep_nobody_waiting() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let app = start(dir.path());
    let hook = app.import(&workflow_of(json!([]))).await;
    let good = async |longest: &mut Duration| {
        let begun = Instant::now();
        app.post(&hook, &json!({ "memberId": "12345" })).await.unwrap().unwrap();
        let took = begun.elapsed();
        assert!(took < PROMPT, "a good delivery took {took:?}");
        *longest = took.max(*longest);
    };
    let mut longest = Duration::ZERO;
    // As many as come later, so that caches are as full before as they are after.
    for _ in 0..150 {
        good(&mut longest).await;
    }
    let before = memory(&app);
    let address = app.at("hooks").strip_prefix("http://").unwrap().to_owned();
    let mut clients = JoinSet::new();
    for way in 0..CLIENTS {
        clients.spawn(stall(address.clone(), hook.clone(), way % 3));
    }
    let (begun, mut most) = (Instant::now(), before);
    // Long enough for every limit on headers and bodies to strike.
    while begun.elapsed() < Duration::from_secs(18) {
        // A new connection each time, as a sender's first one would be.
        app.http.get(format!("http://{address}/")).header("connection", "close").send().await.unwrap();
        good(&mut longest).await;
        most = most.max(memory(&app));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    clients.shutdown().await;
    let gone = Instant::now();
    let what = format!("memory is back: {before} kB before, {most} kB at most");
    until_within(&what, Duration::from_secs(60), async || memory(&app) <= before + KEPT).await;
    let figures = format!(
        "{CLIENTS} slow clients: the slowest good answer took {longest:?}; memory {before} kB, at most {most} kB, \
         back after {:.1} s",
        gone.elapsed().as_secs_f64()
    );
    assert!(most - before <= GROWTH, "{figures}");
    crate::tell(&figures);
}
