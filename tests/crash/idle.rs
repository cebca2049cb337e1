//! An insert never leaves on a connection that was idle for over 30 s: the site may be closing it just then.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ihook_tests::files::workflow_of;
use ihook_tests::process::until;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{site, start};

/// How long the connection had been idle when a request to insert came on it.
type Idle = Arc<Mutex<Vec<Duration>>>;

/// Passes everything on to `to` and notes the inserts.
async fn forward(listener: TcpListener, to: String, idle: Idle) {
    while let Ok((mut client, _)) = listener.accept().await {
        let (to, idle) = (to.clone(), Arc::clone(&idle));
        tokio::spawn(async move {
            let mut server = TcpStream::connect(to).await.unwrap();
            let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
            let mut last = Instant::now();
            loop {
                tokio::select! {
                    read = client.read(&mut asked) => {
                        let Ok(length @ 1..) = read else { return };
                        if asked.starts_with(b"POST /api/Activity") {
                            idle.lock().unwrap().push(last.elapsed());
                        }
                        server.write_all(&asked[..length]).await.unwrap();
                    }
                    read = server.read(&mut answered) => {
                        let Ok(length @ 1..) = read else { return };
                        client.write_all(&answered[..length]).await.unwrap();
                    }
                }
                last = Instant::now();
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insert_never_leaves_on_a_connection_that_was_idle_for_long() {
    let (site_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let site = site(site_dir.path(), "127.0.0.1:0");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let through = format!("http://{}", listener.local_addr().unwrap());
    let idle = Idle::default();
    let to = site.at("sandbox").strip_prefix("http://").unwrap().to_owned();
    tokio::spawn(forward(listener, to, Arc::clone(&idle)));
    let app = start(dir.path());
    app.connect("live", &through, 1).await;
    let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "12345", "ActivityType": "ATTEND" } }]));
    file["connection"] = json!("live");
    let hook = app.import(&file).await;
    for (wait, count) in [(0, 1), (5, 2), (31, 3)] {
        // The member is known by then, so that the insert is the first request after the pause.
        tokio::time::sleep(Duration::from_secs(wait)).await;
        app.post(&hook, &json!({})).await.unwrap().unwrap();
        until("it is written", async || site.ledger().await.len() == count).await;
    }
    let idle = idle.lock().unwrap().clone();
    assert_eq!(idle.len(), 3);
    assert!(idle[1] > Duration::from_secs(4), "a connection is used again: {idle:?}");
    assert!(idle[2] < Duration::from_secs(5), "but not after half a minute: {idle:?}");
}
