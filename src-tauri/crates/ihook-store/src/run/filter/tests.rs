//! Every page of every list, compared with a look at each run.

use super::*;
use crate::payload::Payload;
use crate::run::{self, Lane, NewRun, RunError, work};
use crate::{Store, retention, workflow};

/// What a run of the test has, beside its place.
struct Sample {
    workflow_id: WorkflowId,
    status: Status,
    lane: Lane,
    values: Vec<String>,
    at: i64,
}

/// When a run of the test came: mostly one after the other, but the clock was ahead for a while, then behind, and
/// a rerun keeps the time of its delivery.
fn at(n: usize) -> i64 {
    let at = i64::try_from(n).unwrap() * 10;
    match n {
        150..170 => at + 100_000,
        250..260 => at - 2_000,
        n if n % 9 == 4 => at / 2,
        _ => at,
    }
}

fn samples(workflows: [WorkflowId; 2]) -> Vec<Sample> {
    (0..400_usize)
        .map(|n| Sample {
            workflow_id: workflows[n / 3 % 2],
            status: Status::ALL[n * 7 % Status::ALL.len()],
            lane: if n % 9 == 4 { Lane::Rerun } else { Lane::Live },
            // One that all have, one of ten, one of its own; the last two begin alike. Only old ones have another.
            values: ["conf2026".to_owned(), format!("m{}", n % 10), format!("mine{n:03}")]
                .into_iter()
                .chain((n < 60).then(|| format!("strasse {n}")))
                .collect(),
            at: at(n),
        })
        .collect()
}

fn has_cause(status: Status) -> bool {
    matches!(status, Status::Failed | Status::Rejected)
}

fn add(tx: &Connection, sample: &Sample) -> Result<(), StoreError> {
    let new = NewRun { received_at: sample.at, lane: sample.lane, ..NewRun::live(sample.workflow_id) };
    let error = RunError { action_id: "a".to_owned(), code: "c".to_owned(), message: "m".to_owned() };
    let payload = Payload { body: "{}".to_owned(), metadata: None };
    let seq = run::enqueue(tx, &[(&new, &payload)])?.start;
    term::index(tx, &[(seq, sample.values.clone())])?;
    match sample.status {
        Status::Queued => Ok(()),
        Status::Running => run::start(tx, seq, Status::Queued, 1),
        status if status.is_final() => {
            run::finish(tx, seq, status, Some(&error).filter(|_| has_cause(status)), 1, 1)
        }
        status => run::set_aside(tx, seq, status, None, "because"),
    }
}

/// Filters beside what is searched for and the status: everything a list can be narrowed down by.
fn scopes([one, other]: [WorkflowId; 2]) -> Vec<Filter> {
    let all = Filter { limit: 25, ..Filter::default() };
    vec![
        all.clone(),
        Filter { workflow_ids: vec![other], before_seq: Some(300), ..all.clone() },
        Filter { workflow_ids: vec![one, other], ..all.clone() },
        Filter { from: Some(1500), to: Some(2500), ..all.clone() },
        Filter { to: Some(2000), ..all.clone() },
        Filter { workflow_ids: vec![one], before_seq: Some(200), from: Some(1000), ..all.clone() },
        Filter { from: Some(50_000), ..all.clone() },
        Filter { error_code: Some("c".to_owned()), ..all },
    ]
}

/// Every page of a filter has what a look at each run would find, newest first.
#[test]
fn a_list_finds_what_a_look_at_every_run_would() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("ihook.db")).unwrap();
    let workflows = [WorkflowId::new(), WorkflowId::new()];
    // A whole block and some of its neighbours are gone with age.
    let removed: Vec<i64> = (90..=130).collect();
    let gone = removed.clone();
    let written = store.0.writer.submit(move |tx| {
        for id in workflows {
            workflow::insert(tx, id, &id.to_string(), "W", 0)?;
        }
        samples(workflows).iter().try_for_each(|sample| add(tx, sample))?;
        retention::remove(tx, &gone)
    });
    written.blocking_recv().unwrap().unwrap();
    let mut samples = samples(workflows);
    removed.iter().for_each(|seq| samples[usize::try_from(seq - 1).unwrap()].values.clear());
    let searches = ["", "conf2026", "m3", "m", "mine12", "strasse", "strasse 7", "nobody"];
    let statuses: [&[Status]; 6] = [
        &[],
        &[Status::Succeeded],
        &[Status::Held],
        &[Status::Queued, Status::Running, Status::Waiting],
        &[Status::Succeeded, Status::Rejected],
        &[Status::InDoubt, Status::Held],
    ];
    for search in searches {
        for statuses in statuses {
            for scope in scopes(workflows) {
                let search = Some(search).filter(|text| !text.is_empty()).map(str::to_owned);
                let filter = Filter { statuses: statuses.to_vec(), search, ..scope };
                let found = store.read_blocking(|connection| list(connection, &filter)).unwrap();
                let found: Vec<i64> = found.runs.iter().map(|run| run.seq).collect();
                assert_eq!(found, looked_at(&samples, &filter), "{filter:?}");
                for work in [1, 60, 700] {
                    let (found, longest) = in_parts(&store, &filter, work);
                    assert_eq!(found, looked_at(&samples, &filter), "{filter:?} in parts of {work}");
                    assert!(longest <= work + LEAST, "{filter:?}: {longest} of {work}");
                }
            }
        }
    }
}

/// What a page costs at least, however little it may: the runs of one block and their entries, each read twice, or as
/// many rows of every source as the page has.
const LEAST: u64 = 2 * 32 * (ROW + 3 * work::ENTRY) + work::LOOK + 10 * 25 * ROW;

/// The runs of the first page, found by pages that may cost so little that most end early, and what the longest cost.
fn in_parts(store: &Store, filter: &Filter, most: u64) -> (Vec<i64>, u64) {
    let (mut found, mut filter, mut longest) = (Vec::new(), filter.clone(), 0);
    loop {
        let work = Work::new(most);
        let page = store.read_blocking(|connection| list_with(connection, &filter, &work)).unwrap();
        longest = longest.max(work.spent());
        found.extend(page.runs.iter().map(|run| run.seq));
        let Some(reached) = page.reached.filter(|_| found.len() < 25) else { break };
        assert!(filter.before_seq.is_none_or(|before| reached.seq < before), "every page goes on");
        filter.before_seq = Some(reached.seq);
    }
    found.truncate(25);
    (found, longest)
}

fn looked_at(samples: &[Sample], filter: &Filter) -> Vec<i64> {
    let text = filter.search.as_deref().map(str::to_owned);
    let holds = |(seq, sample): &(i64, &Sample)| {
        !sample.values.is_empty()
            && (filter.workflow_ids.is_empty() || filter.workflow_ids.contains(&sample.workflow_id))
            && (filter.statuses.is_empty() || filter.statuses.contains(&sample.status))
            && text.as_ref().is_none_or(|text| sample.values.iter().any(|value| value.starts_with(text)))
            && filter.error_code.as_ref().is_none_or(|_| has_cause(sample.status))
            && filter.from.is_none_or(|from| sample.at >= from)
            && filter.to.is_none_or(|to| sample.at < to)
            && filter.before_seq.is_none_or(|before| *seq < before)
    };
    let found = (1_i64..).zip(samples).filter(holds).map(|(seq, _)| seq);
    let mut found: Vec<i64> = found.collect();
    found.reverse();
    found.truncate(25);
    found
}

/// What no run can be is known without looking at any.
#[test]
fn an_empty_queue_and_a_cause_of_what_succeeded_cost_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("ihook.db")).unwrap();
    let workflows = [WorkflowId::new(), WorkflowId::new()];
    let written = store.0.writer.submit(move |tx| {
        for id in workflows {
            workflow::insert(tx, id, &id.to_string(), "W", 0)?;
        }
        let samples = samples(workflows).into_iter().filter(|sample| sample.status != Status::Queued);
        samples.into_iter().try_for_each(|sample| add(tx, &sample))
    });
    written.blocking_recv().unwrap().unwrap();
    let cause = Some("c".to_owned());
    let queued = Filter { statuses: vec![Status::Queued], limit: 25, ..Filter::default() };
    let succeeded = Filter { statuses: vec![Status::Succeeded], error_code: cause, ..queued.clone() };
    for filter in [queued, succeeded] {
        for search in [None, Some("conf2026".to_owned())] {
            for workflow_ids in [vec![], vec![workflows[0]]] {
                let (work, search) = (Work::of_a_page(), search.clone());
                let filter = Filter { search, workflow_ids, ..filter.clone() };
                let page = store.read_blocking(|connection| list_with(connection, &filter, &work)).unwrap();
                let reruns = 45;
                assert!(page.runs.is_empty() && page.reached.is_none(), "{filter:?}");
                assert!(work.spent() <= reruns * ROW, "{filter:?}: {}", work.spent());
            }
        }
    }
}
