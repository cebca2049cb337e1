//! `kill -9` at random moments under load, again and again on the same directory, against a site that keeps its own
//! ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, until_within};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{site, size, start, tell};

const SENDERS: u64 = 8;
const CONCURRENT: u32 = 8;
/// A life between the ready line and the kill is at most so long.
const LIFE: u64 = 500;
/// Between two deliveries of one sender, in milliseconds, at most.
const GAP: u64 = 30;
/// After the last kill everything is settled within this: lookups come after 10 s and 60 s, and a resend that was
/// cut off is looked up in its turn.
const SETTLED: Duration = Duration::from_secs(240);

/// Numbers that no seed repeats: the moments of the kills.
#[derive(Default)]
struct Chance(RandomState, AtomicU64);

impl Chance {
    fn below(&self, limit: u64) -> u64 {
        self.0.hash_one(self.1.fetch_add(1, Ordering::Relaxed)) % limit
    }
}

/// Two records for each delivery, each with a mark that belongs to that delivery alone.
fn file() -> Value {
    let mut file = workflow_of(json!([
        { "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } },
        { "id": "panel", "type": "insertPanelRecord", "panel": "Event_Attendance", "fields": {
            "ID": "{{ member }}", "Session": "{{ mark }}" } }
    ]));
    file["connection"] = json!("live");
    file
}

/// Sends until nobody answers any more; what was acknowledged, by run.
async fn send(
    http: reqwest::Client,
    url: String,
    sender: String,
    chance: Arc<Chance>,
) -> Vec<(String, String)> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let mark = format!("{sender}-{number}");
        let payload = json!({ "member": (10_001 + chance.below(500)).to_string(), "mark": mark });
        match process::post(&http, &url, &payload).await {
            Ok(answer) => acknowledged.push((answer.unwrap(), mark)),
            Err(_killed) => break,
        }
        tokio::time::sleep(Duration::from_millis(chance.below(GAP))).await;
    }
    acknowledged
}

/// What the site has committed, counted by mark: activities and panel rows.
fn written(ledger: &[Value]) -> BTreeMap<String, [usize; 2]> {
    let mut written: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for entry in ledger.iter().filter(|entry| entry["committed"] == true) {
        let properties = &entry["properties"];
        let (mark, kind) = match properties["DESCRIPTION"].as_str() {
            Some(mark) => (mark, 0),
            None => (properties["Session"].as_str().unwrap(), 1),
        };
        written.entry(mark.to_owned()).or_default()[kind] += 1;
    }
    written
}

struct Found {
    runs: usize,
    doubts: usize,
    held: usize,
    open: usize,
}

/// Holds every run against the ledger.
async fn examine(app: &Program, acknowledged: &BTreeMap<String, String>, ledger: &[Value]) -> Found {
    let mut written = written(ledger);
    let runs = app.runs(&json!({})).await;
    let mut found = Found { runs: runs.len(), doubts: 0, held: 0, open: 0 };
    let mut marks = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for run in runs {
        let id = run["id"].as_str().unwrap().to_owned();
        let detail = app.call("run_get", json!({ "id": id })).await;
        let mark = detail["payload"]["mark"].as_str().unwrap().to_owned();
        if let Some(sent) = acknowledged.get(&id) {
            assert_eq!(*sent, mark, "run {id} keeps what was sent");
        }
        assert!(marks.insert(mark.clone()), "one run for each delivery: {mark}");
        let rows = written.remove(&mark).unwrap_or_default();
        assert!(rows.iter().all(|count| *count <= 1), "{mark} was written {rows:?} times: {detail:#}");
        let steps = detail["steps"].as_array().unwrap();
        let was_doubtful = |step: &&Value| {
            step["result"]["foundAfterDoubt"] == true
                || step["attempts"].as_u64() > Some(1)
                || step["status"] == "inDoubt"
                || step["status"] == "held"
        };
        found.doubts += steps.iter().filter(was_doubtful).count();
        match detail["run"]["status"].as_str().unwrap() {
            "succeeded" => assert_eq!(rows, [1, 1], "no success without its rows: {detail:#}"),
            "held" => found.held += 1,
            "inDoubt" => {
                found.open += 1;
                let in_doubt = steps.iter().position(|step| step["status"] == "inDoubt").unwrap();
                assert_eq!(rows[in_doubt], 0, "what is there is found by the first lookup: {detail:#}");
            }
            _ => panic!("nothing else can have become of it: {detail:#}"),
        }
        ids.insert(id);
    }
    let lost: Vec<_> = acknowledged.keys().filter(|id| !ids.contains(*id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(written.is_empty(), "rows that belong to no run: {written:?}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_and_writes_nothing_twice() {
    let (site_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kills: u64 = size("IHOOK_CRASH_KILLS", 10);
    let is_full = kills >= 100;
    let site = site(site_dir.path(), "127.0.0.1:0");
    let app = start(dir.path());
    app.connect("live", site.at("sandbox"), CONCURRENT).await;
    let hook = app.import(&file()).await;
    drop(app);
    let http = ihook_imis::Client::http().unwrap();
    let chance = Arc::new(Chance::default());
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let begun = Instant::now();
    for life in 0..kills {
        let app = start(dir.path());
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            let url = format!("{}{hook}", app.at("hooks"));
            senders.spawn(send(http.clone(), url, format!("{life}-{sender}"), Arc::clone(&chance)));
        }
        tokio::time::sleep(Duration::from_millis(chance.below(LIFE))).await;
        app.kill();
        acknowledged.extend(senders.join_all().await.into_iter().flatten());
    }
    let killing = begun.elapsed();
    let app = start(dir.path());
    // In the short form only the first lookup, after 10 s, is waited for; the second one comes after a minute.
    let still = if is_full {
        json!(["queued", "running", "waiting", "inDoubt"])
    } else {
        json!(["queued", "running", "waiting"])
    };
    let last_kill = Instant::now();
    until_within("all is settled", SETTLED, async || {
        let rest = app.call("run_list", json!({ "status": still, "limit": 1 })).await;
        let looked_up = is_full || last_kill.elapsed() > Duration::from_secs(13);
        looked_up && rest["runs"].as_array().unwrap().is_empty()
    })
    .await;
    let settling = last_kill.elapsed();
    let found = examine(&app, &acknowledged, &site.ledger().await).await;
    let most = usize::try_from(kills * u64::from(CONCURRENT)).unwrap();
    assert!(found.doubts <= most, "{} doubts after {kills} kills of {CONCURRENT} at once", found.doubts);
    if is_full {
        assert!(acknowledged.len() >= 4000, "only {} deliveries were acknowledged", acknowledged.len());
        assert_eq!(found.open, 0);
    }
    tell(&format!(
        "{kills} kills in {:.0} s, {} acknowledged, {} runs, {} doubts (at most {most}), {} held, {} still open, \
         settled {:.0} s after the last kill",
        killing.as_secs_f64(),
        acknowledged.len(),
        found.runs,
        found.doubts,
        found.held,
        found.open,
        settling.as_secs_f64(),
    ));
    #[cfg(unix)]
    assert_eq!(app.terminate(), Some(0));
}
