//! iMIS answers 503 for a while, is gone, or cuts connections under load: nothing is lost, and everything is
//! written once.

use std::collections::BTreeMap;
use std::time::Duration;

use ihook_sandbox::Sandbox;
use ihook_tests::TestApp;
use ihook_tests::files::{with, workflow_of};
use ihook_tests::site;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const OPEN: [&str; 4] = ["queued", "running", "waiting", "inDoubt"];

fn file(ordered: bool) -> Value {
    let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } }]));
    file["trigger"]["ordered"] = json!(ordered);
    with(file, "/connection", json!("live"))
}

/// A site that can be taken away and put back at the same address.
struct Site {
    sandbox: Sandbox,
    url: String,
    served: Option<(CancellationToken, JoinHandle<std::io::Result<()>>)>,
}

impl Site {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut site = Self { sandbox: Sandbox::in_memory().unwrap(), url, served: None };
        site.serve(listener);
        site
    }

    fn serve(&mut self, listener: TcpListener) {
        let shutdown = CancellationToken::new();
        let served = tokio::spawn(ihook_sandbox::serve(listener, self.sandbox.clone(), shutdown.clone()));
        self.served = Some((shutdown, served));
    }

    async fn go(&mut self) {
        if let Some((shutdown, served)) = self.served.take() {
            shutdown.cancel();
            served.await.unwrap().unwrap();
        }
    }

    async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.url.strip_prefix("http://").unwrap()).await.unwrap();
        self.serve(listener);
    }

    async fn faults(&self, app: &TestApp, faults: Value) {
        site::faults(app, &self.url, faults).await;
    }

    /// The marks that were written, in the order in which they were.
    async fn written(&self, app: &TestApp) -> Vec<String> {
        let ledger = site::ledger(app, &self.url).await;
        ledger
            .iter()
            .filter(|entry| entry["committed"] == true)
            .map(|entry| entry["properties"]["DESCRIPTION"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn connect(app: &TestApp, site: &Site, max_concurrent: u32) {
    let connection = json!({ "name": "live", "baseUrl": site.url, "username": "sandbox",
        "password": "sandbox", "maxConcurrent": max_concurrent });
    app.call("connection_save", connection).await;
}

async fn send(app: &TestApp, url: &Value, mark: &str) -> String {
    app.post(url, &json!({ "member": "10001", "mark": mark })).await.run_id()
}

/// Lets time pass until everything that ends by itself has ended.
async fn all_done(app: &TestApp) {
    app.until(async || {
        app.clock.advance(Duration::from_secs(7));
        let open = app.call("run_list", json!({ "status": OPEN, "limit": 1 })).await;
        open["runs"].as_array().unwrap().is_empty()
    })
    .await;
}

/// Runs by id, and every mark is there once.
async fn each_once(app: &TestApp, site: &Site, sent: &BTreeMap<String, String>) {
    for (id, mark) in sent {
        let detail = app.call("run_get", json!({ "id": id })).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{mark}: {detail:#}");
    }
    let mut written = site.written(app).await;
    written.sort();
    let mut marks: Vec<_> = sent.values().cloned().collect();
    marks.sort();
    assert_eq!(written, marks, "each once");
}

#[tokio::test]
async fn a_site_that_answers_503_for_a_while_gets_everything_once() {
    let app = TestApp::start().await;
    let site = Site::start().await;
    connect(&app, &site, 4).await;
    let made = app.import(&file(false)).await;
    site.faults(&app, json!([{ "kind": "status", "status": 503 }])).await;
    let mut sent = BTreeMap::new();
    for number in 0..40 {
        let mark = format!("m{number}");
        sent.insert(send(&app, &made["url"], &mark).await, mark);
    }
    for _ in 0..20 {
        app.clock.advance(Duration::from_secs(30));
        tokio::task::yield_now().await;
    }
    assert_eq!(site.written(&app).await.len(), 0);
    site.faults(&app, json!([])).await;
    all_done(&app).await;
    each_once(&app, &site, &sent).await;
    app.stop().await;
}

#[tokio::test]
async fn a_site_that_is_gone_gets_everything_once_when_it_is_back() {
    let app = TestApp::start().await;
    let mut site = Site::start().await;
    connect(&app, &site, 4).await;
    let made = app.import(&file(false)).await;
    let mut sent = BTreeMap::new();
    for number in 0..40 {
        if number == 10 {
            site.go().await;
        }
        let mark = format!("m{number}");
        sent.insert(send(&app, &made["url"], &mark).await, mark);
    }
    for _ in 0..20 {
        app.clock.advance(Duration::from_secs(30));
        tokio::task::yield_now().await;
    }
    site.come_back().await;
    all_done(&app).await;
    each_once(&app, &site, &sent).await;
    app.stop().await;
}

#[tokio::test]
async fn connections_cut_before_and_after_the_commit_under_load_lead_to_each_record_once() {
    let app = TestApp::start().await;
    let site = Site::start().await;
    connect(&app, &site, 8).await;
    let made = app.import(&file(false)).await;
    let mut sent = BTreeMap::new();
    for (round, kind) in ["dropAfterCommit", "dropBeforeCommit", "dropAfterCommit"].iter().enumerate() {
        site.faults(&app, json!([{ "kind": kind, "on": "insert", "count": 4 }])).await;
        for number in 0..15 {
            let mark = format!("m{round}-{number}");
            sent.insert(send(&app, &made["url"], &mark).await, mark);
        }
        all_done(&app).await;
    }
    each_once(&app, &site, &sent).await;
    app.stop().await;
}

/// What may happen to workflows and their site, in any order.
#[derive(Debug, Clone)]
enum Event {
    Send(usize),
    Pause(usize),
    Resume(usize),
    /// The next insert is certainly not done.
    Refuse,
    /// The time passes, in seconds.
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_usize..3).prop_map(Event::Send),
        1 => (0_usize..3).prop_map(Event::Pause),
        2 => (0_usize..3).prop_map(Event::Resume),
        1 => Just(Event::Refuse),
        1 => (0_u64..40).prop_map(Event::Wait),
    ]
}

/// Two workflows in order and one not, whatever happens: each delivery is written once, and those in order stay so.
async fn drains_in_order(events: Vec<Event>) {
    let app = TestApp::start().await;
    let site = Site::start().await;
    connect(&app, &site, 3).await;
    let mut made = Vec::new();
    for ordered in [true, true, false] {
        made.push(app.import(&file(ordered)).await);
    }
    let set = async |at: usize, status: &str| {
        app.call("workflow_set_status", json!({ "id": made[at]["id"], "status": status })).await;
    };
    let mut sent = BTreeMap::new();
    let mut order: [Vec<String>; 3] = Default::default();
    for (number, event) in events.iter().enumerate() {
        match event {
            Event::Send(at) => {
                let mark = format!("w{at}-{number}");
                order[*at].push(mark.clone());
                sent.insert(send(&app, &made[*at]["url"], &mark).await, mark);
            }
            Event::Pause(at) => set(*at, "paused").await,
            Event::Resume(at) => set(*at, "active").await,
            Event::Refuse => {
                site.faults(&app, json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }]))
                    .await;
            }
            Event::Wait(seconds) => app.clock.advance(Duration::from_secs(*seconds)),
        }
    }
    for at in 0..3 {
        set(at, "active").await;
    }
    all_done(&app).await;
    each_once(&app, &site, &sent).await;
    let written = site.written(&app).await;
    for (at, order) in order.iter().enumerate().take(2) {
        let own: Vec<_> = written.iter().filter(|mark| mark.starts_with(&format!("w{at}-"))).collect();
        assert_eq!(own, order.iter().collect::<Vec<_>>(), "workflow {at} runs in order: {events:?}");
    }
    app.stop().await;
}

#[test]
fn whatever_happens_each_delivery_is_written_once_and_order_holds_where_asked_for() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig {
        cases: 12,
        max_shrink_iters: 30,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let events = prop::collection::vec(event(), 1..50);
    TestRunner::new(config)
        .run(&events, |events| {
            runtime.block_on(drains_in_order(events));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn workflows_take_turns_and_deliveries_come_before_reruns() {
    let app = TestApp::start().await;
    let site = Site::start().await;
    connect(&app, &site, 1).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(app.import(&file(false)).await);
    }
    // Refused by iMIS itself: these fail, and are run again later.
    site.faults(&app, json!([{ "kind": "status", "status": 400, "on": "insert", "count": 3 }])).await;
    let mut failed = Vec::new();
    for (at, made) in made.iter().enumerate() {
        failed.push(send(&app, &made["url"], &format!("again{at}")).await);
        app.wait_for(&failed[at], &["failed"]).await;
    }
    // Nothing goes out while the password is wrong, so that everything stands in the queue at once.
    let wrong = json!({ "name": "live", "baseUrl": site.url, "username": "sandbox", "password": "no" });
    app.call("connection_save", wrong).await;
    let first = send(&app, &made[0]["url"], "first").await;
    app.wait_for(&first, &["waiting"]).await;
    app.call("run_rerun", json!({ "ids": failed, "version": "original", "from": "start" })).await;
    let mut last = String::new();
    for (at, made) in made.iter().enumerate() {
        for _ in 0..4 {
            last = send(&app, &made["url"], &format!("w{at}")).await;
        }
    }
    app.wait_for(&last, &["waiting"]).await;
    connect(&app, &site, 1).await;
    all_done(&app).await;
    let written = site.written(&app).await;
    assert_eq!(written.len(), 16, "{written:?}");
    assert_eq!(written[0], "first", "it was under way before");
    for turn in written[1..13].chunks(3) {
        let mut turn = turn.to_vec();
        turn.sort();
        assert_eq!(turn, ["w0", "w1", "w2"], "the workflows take turns: {written:?}");
    }
    assert!(written[13..].iter().all(|mark| mark.starts_with("again")), "reruns come last: {written:?}");
    app.stop().await;
}
