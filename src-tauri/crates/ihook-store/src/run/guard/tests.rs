//! Whatever happens to the runs that look for the same: at most one holds it, and where nobody does and somebody
//! waits, one of them is due.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::payload::Payload;
use crate::run::{self, NewRun, Status};
use crate::{WorkflowId, open, workflow};

const RUNS: usize = 6;
const KEYS: u8 = 2;

fn key(number: u8) -> GuardKey {
    GuardKey([number; 32])
}

/// A database with so many runs of the sandbox that have not started.
fn runs(count: usize) -> (Connection, Vec<i64>) {
    let mut connection = open::in_memory().unwrap();
    crate::migrate::apply_up_to(&mut connection, crate::migrate::KNOWN).unwrap();
    let workflow_id = WorkflowId::new();
    workflow::insert(&connection, workflow_id, "key", "W", 0).unwrap();
    let payload = Payload { body: "{}".to_owned(), metadata: None };
    let seqs = (0..count)
        .map(|_| run::enqueue(&connection, &[(&NewRun::live(workflow_id), &payload)]).unwrap().start);
    let seqs = seqs.collect();
    (connection, seqs)
}

fn due(connection: &Connection) -> Vec<i64> {
    run::due(connection, "sandbox", 0).unwrap().into_iter().map(|due| due.seq).collect()
}

/// What happens to a run.
#[derive(Clone, Debug)]
enum Event {
    Look(u8),
    ItemEnds,
    Retry,
    InDoubt,
    Held,
    Word,
    Killed,
    PausedAndResumed,
    Ends,
    Cancelled,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..KEYS).prop_map(Event::Look),
        1 => Just(Event::ItemEnds),
        1 => Just(Event::Retry),
        1 => Just(Event::InDoubt),
        1 => Just(Event::Held),
        2 => Just(Event::Word),
        1 => Just(Event::Killed),
        1 => Just(Event::PausedAndResumed),
        3 => Just(Event::Ends),
        1 => Just(Event::Cancelled),
    ]
}

/// Does it as the worker and people do, where it is possible.
fn happen(tx: &Connection, seq: i64, event: &Event) {
    let status = run::get_by_seq(tx, seq).unwrap().status;
    let set = |status, resume_at| run::set_aside(tx, seq, status, resume_at, "because").unwrap();
    match event {
        _ if status.is_final() => {}
        Event::Look(number) => {
            if status != Status::Running {
                run::start(tx, seq, status, 0).unwrap();
            }
            if let Taken::By(_) = take(tx, seq, "sandbox", key(*number), "waits").unwrap() {
                wait(tx, seq, key(*number), "waits").unwrap();
            }
        }
        Event::Word => set(Status::Waiting, Some(0)),
        Event::Cancelled => run::finish(tx, seq, Status::Cancelled, None, 0, 0).unwrap(),
        Event::PausedAndResumed => run::requeue(tx, seq).unwrap(),
        _ if status != Status::Running => {}
        Event::ItemEnds => drop(release(tx, seq).unwrap()),
        Event::Retry => set(Status::Waiting, Some(9)),
        Event::InDoubt => set(Status::InDoubt, Some(9)),
        Event::Held => set(Status::Held, None),
        Event::Killed => drop(run::take_up(tx, "sandbox", &[], 0).unwrap()),
        Event::Ends => run::finish(tx, seq, Status::Succeeded, None, 0, 0).unwrap(),
    }
}

/// Keys of unfinished runs: who holds each, and who waits for it.
fn guards(tx: &Connection) -> BTreeMap<Vec<u8>, (Vec<i64>, Vec<i64>)> {
    let mut query = tx
        .prepare("SELECT guard, guard_held, seq, status FROM run WHERE guard IS NOT NULL AND finished_at IS NULL ORDER BY seq")
        .unwrap();
    let rows = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Status>(3)?)))
        .unwrap();
    let mut guards: BTreeMap<Vec<u8>, (Vec<i64>, Vec<i64>)> = BTreeMap::new();
    for row in rows {
        let (key, is_held, seq, status): (Vec<u8>, bool, i64, Status) = row.unwrap();
        let guard = guards.entry(key).or_default();
        if is_held {
            guard.0.push(seq);
        } else {
            assert_eq!(status, Status::Waiting, "who waits for a guard says so");
            guard.1.push(seq);
        }
    }
    guards
}

proptest! {
    #[test]
    fn at_most_one_holds_a_guard_and_nobody_waits_for_none(
        events in prop::collection::vec((0..RUNS, event()), 1..60)
    ) {
        let (tx, seqs) = runs(RUNS);
        for (at, event) in events {
            happen(&tx, seqs[at], &event);
            let due = due(&tx);
            for (holders, waiters) in guards(&tx).into_values() {
                prop_assert!(holders.len() <= 1, "{holders:?} hold the same");
                let next: Vec<_> = waiters.iter().filter(|seq| due.contains(seq)).collect();
                let expected: Vec<_> = waiters.first().filter(|_| holders.is_empty()).into_iter().collect();
                prop_assert_eq!(next, expected, "the first of those who wait goes on, and only when it may");
                for holder in holders {
                    prop_assert_eq!(is_awaited(&tx, holder).unwrap(), !waiters.is_empty());
                }
            }
        }
    }
}

#[test]
fn a_guard_goes_from_one_to_the_next_and_says_who_has_it() {
    let (tx, seqs) = runs(3);
    let [first, second, third] = seqs[..] else { panic!("three") };
    let id = |seq| run::get_by_seq(&tx, seq).unwrap().id;
    for seq in &seqs {
        run::start(&tx, *seq, Status::Queued, 0).unwrap();
    }
    assert_eq!(take(&tx, first, "sandbox", key(1), "").unwrap(), Taken::Held { is_awaited: false });
    assert_eq!(take(&tx, first, "sandbox", key(1), "").unwrap(), Taken::Held { is_awaited: false }, "again");
    for seq in [second, third] {
        assert_eq!(take(&tx, seq, "sandbox", key(1), "").unwrap(), Taken::By(id(first)));
        wait(&tx, seq, key(1), "for the first").unwrap();
    }
    assert!(due(&tx).is_empty(), "while the first is under way nobody goes on");
    assert!(!run::release_blocked(&tx, "sandbox", 0).is_ok_and(|count| count > 0), "nor when a site is back");
    assert!(!run::hasten_first(&tx, "sandbox", 0).unwrap());
    run::set_aside(&tx, first, Status::Held, None, "a person").unwrap();
    assert!(due(&tx).is_empty(), "nor while it is held");
    assert!(is_awaited(&tx, first).unwrap());
    run::finish(&tx, first, Status::Succeeded, None, 0, 0).unwrap();
    assert_eq!(due(&tx), [second]);
    run::start(&tx, second, Status::Waiting, 0).unwrap();
    assert_eq!(
        take(&tx, second, "sandbox", key(1), "for the second").unwrap(),
        Taken::Held { is_awaited: false }
    );
    let reason = run::get_by_seq(&tx, third).unwrap().waiting_reason;
    assert_eq!(reason.as_deref(), Some("for the second"), "who waits says for whom");
    assert_eq!(
        take(&tx, second, "sandbox", key(2), "").unwrap(),
        Taken::Held { is_awaited: true },
        "its next look"
    );
    assert_eq!(due(&tx), [third]);
    let other = take(&tx, third, "elsewhere", key(2), "").unwrap();
    assert_eq!(other, Taken::Held { is_awaited: false }, "each connection for itself");
}

#[test]
fn a_run_that_waits_does_not_keep_the_one_it_waits_for_from_its_ordered_queue() {
    let (tx, seqs) = runs(2);
    let [first, second] = seqs[..] else { panic!("two") };
    let workflow_id = run::get_by_seq(&tx, first).unwrap().workflow_id;
    run::start(&tx, first, Status::Queued, 0).unwrap();
    take(&tx, first, "sandbox", key(1), "").unwrap();
    run::start(&tx, second, Status::Queued, 0).unwrap();
    wait(&tx, second, key(1), "").unwrap();
    assert!(run::has_waiting(&tx, "sandbox", workflow_id).unwrap(), "who waits keeps its place");
    run::set_aside(&tx, first, Status::Waiting, Some(0), "").unwrap();
    run::requeue(&tx, first).unwrap();
    assert!(!run::has_waiting(&tx, "sandbox", workflow_id).unwrap(), "the holder is in the queue itself");
}
