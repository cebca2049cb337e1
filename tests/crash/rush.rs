//! Many at once: nothing is lost, doubled or overtaken, and the site's limits hold by its own clock.

use std::time::{Duration, Instant};

use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, until_within};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{site, size, start, tell};

const SENDERS: usize = 8;

fn file(connection: &str, ordered: bool) -> Value {
    let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } }]));
    file["connection"] = json!(connection);
    file["trigger"]["ordered"] = json!(ordered);
    file
}

/// Sends `count` deliveries from several senders at once; all are acknowledged.
async fn send(app: &Program, hook: &str, name: &str, count: usize) {
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let (http, url, name) = (app.http.clone(), format!("{}{hook}", app.at("hooks")), name.to_owned());
        senders.spawn(async move {
            for number in (sender..count).step_by(SENDERS) {
                let member = (10_001 + number % 500).to_string();
                let payload = json!({ "member": member, "mark": format!("{name}{number}") });
                process::post(&http, &url, &payload).await.unwrap().unwrap();
            }
        });
    }
    senders.join_all().await;
}

async fn drained(app: &Program, limit: Duration) {
    until_within("all runs are done", limit, async || {
        let open = json!({ "status": ["queued", "running", "waiting", "inDoubt"], "limit": 1 });
        app.call("run_list", open).await["runs"].as_array().unwrap().is_empty()
    })
    .await;
}

/// The steps of the newest run lie within the time that the run took.
async fn took_what_it_says(app: &Program) {
    let newest = app.call("run_list", json!({ "limit": 1 })).await["runs"][0]["id"].clone();
    let detail = app.call("run_get", json!({ "id": newest })).await;
    let time = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    for step in detail["steps"].as_array().unwrap() {
        assert!(time(step, "startedAt") >= time(&detail["run"], "startedAt"), "{detail:#}");
        assert!(time(step, "finishedAt") <= time(&detail["run"], "finishedAt"), "{detail:#}");
    }
}

/// The marks that the site committed, in its order.
fn marks(ledger: &[Value]) -> Vec<String> {
    assert!(ledger.iter().all(|entry| entry["committed"] == true), "nothing was refused");
    ledger.iter().map(|entry| entry["properties"]["DESCRIPTION"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_check_ins_are_all_there_none_twice_and_in_order_where_that_was_asked_for() {
    let count = size("IHOOK_BULK", 300);
    let (site_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let site = site(site_dir.path(), "127.0.0.1:0");
    let app = start(dir.path());
    app.connect("live", site.at("sandbox"), 8).await;
    let mut figures = Vec::new();
    let mut seen = 0;
    for ordered in [false, true] {
        let hook = app.import(&file("live", ordered)).await;
        let begun = Instant::now();
        send(&app, &hook, if ordered { "o" } else { "u" }, count).await;
        drained(&app, Duration::from_secs(900)).await;
        took_what_it_says(&app).await;
        let took = begun.elapsed();
        let written = marks(&site.ledger().await[seen..]);
        seen += count;
        assert_eq!(written.len(), count, "as many as were sent");
        let mut each = written.clone();
        each.sort();
        each.dedup();
        assert_eq!(each.len(), count, "none twice");
        if ordered {
            let mut arrived = Vec::new();
            for run in app.runs(&json!({ "limit": 500 })).await.iter().take(count).rev() {
                let detail = app.call("run_get", json!({ "id": run["id"] })).await;
                arrived.push(detail["payload"]["mark"].as_str().unwrap().to_owned());
            }
            assert_eq!(written, arrived, "in the order of arrival");
        }
        figures.push(format!(
            "{} in {:.1} s",
            if ordered { "in order" } else { "8 at once" },
            took.as_secs_f64()
        ));
    }
    let unknown = app.import(&file("live", false)).await;
    app.post(&unknown, &json!({ "member": "99999", "mark": "x" })).await.unwrap().unwrap();
    drained(&app, Duration::from_secs(60)).await;
    took_what_it_says(&app).await;
    let about: Value =
        app.http.get(format!("{}/_sandbox", site.at("sandbox"))).send().await.unwrap().json().await.unwrap();
    assert_eq!(about["signIns"], 1, "one sign-in for all");
    tell(&format!("{count} check-ins each: {}; {} sign-in", figures.join(", "), about["signIns"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_goes_out_one_at_a_time_and_no_faster_than_the_cap() {
    let count: usize = size("IHOOK_BURST", 24);
    let cap = count * 3 / 4;
    let (site_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let site = site(site_dir.path(), "127.0.0.1:0");
    let app = start(dir.path());
    let connection = json!({ "name": "live", "baseUrl": site.at("sandbox"), "username": "sandbox",
        "password": "sandbox", "maxConcurrent": 1, "writesPerMinute": cap });
    app.call("connection_save", connection).await;
    let hook = app.import(&file("live", false)).await;
    // Two at once would be written closer to one another than this.
    const APART_MS: i64 = 20;
    site.faults(json!([{ "kind": "delay", "milliseconds": APART_MS, "on": "insert" }])).await;
    send(&app, &hook, "b", count).await;
    drained(&app, Duration::from_secs(300)).await;
    let ledger = site.ledger().await;
    assert_eq!(marks(&ledger).len(), count);
    let at: Vec<i64> = ledger.iter().map(|entry| entry["atUs"].as_i64().unwrap()).collect();
    let closest = at.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap();
    assert!(closest >= APART_MS * 1000, "two at once: {closest} µs apart");
    let shortest = at.windows(cap + 1).map(|window| window[cap] - window[0]).min().unwrap();
    assert!(shortest >= 60_000_000, "{} inserts within {shortest} µs", cap + 1);
    tell(&format!(
        "a burst of {count} with {cap} a minute: the closest {closest} µs apart, {} inserts in {:.3} s at the fastest",
        cap + 1,
        f64::from(i32::try_from(shortest / 1000).unwrap()) / 1000.0
    ));
}
