//! Runs that should be under way and are not. Whatever the reason is, the program itself is at fault: it says so, and
//! looks at everything again.
//!
//! Nothing here goes by what the dispatcher knows: that may be what is wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::Lane;
use super::queue::{InFlight, Queue};
use crate::App;
use crate::clock::Moment;

/// How far past its time a run may be while nothing runs on its connection.
const MAX_LATE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(10);
/// So often it is seen at least: a computer that slept had nobody who could have started it.
const MIN_LOOKS: u32 = 6;

/// What goes out to one connection.
#[derive(Debug)]
pub(super) struct Traffic(Mutex<Seen>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Runs and probes.
    under_way: usize,
    /// When the last one ended.
    idle_since: Moment,
    /// Until then nothing has to go out, for a reason that is shown.
    excused_until: Moment,
}

impl Default for Traffic {
    fn default() -> Self {
        let (idle_since, excused_until) = (Moment::FIRST, Moment::FIRST);
        Self(Mutex::new(Seen { under_way: 0, idle_since, excused_until }))
    }
}

impl Traffic {
    fn with<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Nothing has to go out before `until`.
    pub(super) fn excuse(&self, until: Moment) {
        self.with(|seen| seen.excused_until = until);
    }

    /// Since when nothing goes out without a reason that is shown; none while something does.
    fn quiet_since(&self) -> Option<Moment> {
        let seen = self.with(|seen| *seen);
        (seen.under_way == 0).then(|| seen.idle_since.max(seen.excused_until))
    }
}

/// Something that goes out to a connection, until this is dropped.
pub(super) struct UnderWay {
    app: App,
    lane: Arc<Lane>,
}

impl UnderWay {
    pub(super) fn begin(app: &App, lane: &Arc<Lane>) -> Self {
        lane.traffic.with(|seen| seen.under_way += 1);
        Self { app: app.clone(), lane: Arc::clone(lane) }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let now = self.app.clock().moment();
        self.lane.traffic.with(|seen| {
            seen.under_way -= 1;
            seen.idle_since = now;
        });
    }
}

/// The run that should start next.
#[derive(Clone, Copy, Debug)]
struct Head {
    seq: i64,
    /// When it was seen first, and how often since.
    since: Moment,
    looks: u32,
}

/// What was seen of each connection.
#[derive(Debug, Default)]
struct Late(HashMap<String, Head>);

impl Late {
    /// Takes in what was seen of a connection: the run that should start next, if any, and since when nothing has
    /// gone out to it without a reason, if so. Since when the program has failed to start it, where that is too long.
    fn see(
        &mut self,
        connection: &str,
        now: Moment,
        quiet_since: Option<Moment>,
        next: Option<i64>,
    ) -> Option<Moment> {
        let (Some(quiet_since), Some(seq)) = (quiet_since, next) else {
            self.0.remove(connection);
            return None;
        };
        // By when it was seen first, and not by when it came: the clock may have been set since.
        let head = match self.0.get(connection) {
            Some(head) if head.seq == seq => Head { looks: head.looks + 1, ..*head },
            _ => Head { seq, since: now, looks: 1 },
        };
        self.0.insert(connection.to_owned(), head);
        let since = head.since.max(quiet_since);
        (head.looks >= MIN_LOOKS && now.since(since) > MAX_LATE).then_some(since)
    }
}

/// Looks after every connection until `shutdown`.
pub(crate) async fn watch(app: App, shutdown: CancellationToken) {
    let mut late = Late::default();
    loop {
        let next = app.clock().moment() + LOOK_INTERVAL;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.clock().sleep_until(next) => {}
        }
        for lane in app.workers().all() {
            let stalled_since = look(&app, &lane, &mut late).await;
            if lane.set_stalled(&app, stalled_since.map(|since| reason(&app, &lane.connection, since))) {
                tracing::error!(connection = lane.connection, "worker.stalled");
                app.events().alarm("Runs do not start");
            }
            if stalled_since.is_some() {
                // Whatever was missed is not missed twice.
                app.workers().look_again(&app, &lane.connection);
            }
        }
    }
}

async fn look(app: &App, lane: &Lane, late: &mut Late) -> Option<Moment> {
    let quiet_since = lane.traffic.quiet_since();
    // What cannot be stored cannot be run either, and that is shown.
    let next = if quiet_since.is_none() || app.upkeep().not_receiving().is_some() {
        None
    } else {
        match Queue::new(&lane.connection).next(app, &InFlight::new()).await {
            Ok(next) => next.map(|(seq, ..)| seq),
            Err(error) => {
                tracing::warn!(%error, connection = lane.connection, "worker.not_looked_after");
                None
            }
        }
    };
    late.see(&lane.connection, app.clock().moment(), quiet_since, next)
}

fn reason(app: &App, connection: &str, since: Moment) -> String {
    let since = jiff::Timestamp::from_millisecond(app.clock().shown(since)).unwrap_or_default();
    let since = since.to_zoned_datetime(TimeZone::system()).strftime("%H:%M:%S");
    format!(
        "iHook itself does not start the runs of {connection}, which should have started at {since}. Fix in: this \
         computer. It tries again by itself; if this stays, start iHook again. No delivery is lost by that."
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    /// One look: when, since when nothing goes out without a reason, and the run that should start next.
    type Look = (i64, Option<i64>, Option<i64>);

    #[test]
    fn only_what_the_program_itself_should_have_started_for_over_a_minute_is_reported() {
        let check = |why: &str, looks: &[Look], expected: &[Option<i64>]| {
            let mut late = Late::default();
            // Each one often enough.
            let mut look = |(now, quiet, next): &Look| {
                let seen = (0..MIN_LOOKS).map(|_| late.see("live", at(*now), quiet.map(at), *next));
                seen.last().flatten()
            };
            let found: Vec<_> = looks.iter().map(&mut look).collect();
            assert_eq!(found, expected.iter().map(|since| since.map(at)).collect::<Vec<_>>(), "{why}");
        };
        let first = Some(0);
        check("nothing to do", &[(0, first, None), (500, first, None)], &[None, None]);
        check("just arrived", &[(900, first, Some(7))], &[None]);
        check(
            "nobody starts it",
            &[(900, first, Some(7)), (960, first, Some(7)), (961, first, Some(7)), (999, first, Some(7))],
            &[None, None, Some(900), Some(900)],
        );
        check(
            "something runs",
            &[(900, first, Some(7)), (950, None, None), (999, Some(990), Some(7))],
            &[None; 3],
        );
        check("a run ended meanwhile", &[(900, first, Some(7)), (1000, Some(940), Some(7))], &[None; 2]);
        check("and then none", &[(900, first, Some(7)), (1001, Some(940), Some(7))], &[None, Some(940)]);
        check("others go first", &[(900, first, Some(7)), (970, first, Some(9))], &[None; 2]);
        check("a reason is shown", &[(900, Some(2000), Some(7)), (1990, Some(2000), Some(7))], &[None; 2]);
        check(
            "its time is over",
            &[(900, Some(1000), Some(7)), (1061, Some(1000), Some(7))],
            &[None, Some(1000)],
        );
        check(
            "paused meanwhile",
            &[(900, first, Some(7)), (950, first, None), (999, first, Some(7))],
            &[None; 3],
        );
        check(
            "it started",
            &[(900, first, Some(7)), (961, first, Some(7)), (970, None, None)],
            &[None, Some(900), None],
        );
    }

    #[test]
    fn a_computer_that_slept_reports_nothing_before_it_had_its_time() {
        let mut late = Late::default();
        assert_eq!(late.see("live", at(0), Some(at(0)), Some(7)), None);
        let hours = 8 * 3600;
        let after: Vec<_> =
            (0..5).map(|look| late.see("live", at(hours + look * 10), Some(at(0)), Some(7))).collect();
        assert_eq!(after, [None, None, None, None, Some(at(0))]);
    }

    #[test]
    fn what_goes_out_is_counted_until_it_ends() {
        let traffic = Traffic::default();
        assert_eq!(traffic.quiet_since(), Some(Moment::FIRST));
        traffic.excuse(at(50));
        assert_eq!(traffic.quiet_since(), Some(at(50)));
        traffic.with(|seen| (seen.under_way, seen.idle_since) = (2, at(60)));
        assert_eq!(traffic.quiet_since(), None);
        traffic.with(|seen| seen.under_way = 0);
        assert_eq!(traffic.quiet_since(), Some(at(60)));
        traffic.excuse(Moment::LAST);
        assert_eq!(traffic.quiet_since(), Some(Moment::LAST), "a person has to act");
    }

    proptest! {
        #[test]
        fn it_is_reported_exactly_while_one_run_was_due_and_nothing_went_out_for_over_a_minute(
            looks in prop::collection::vec((1_u64..40, any::<bool>(), 0_i64..3), 0..60),
        ) {
            let (mut late, mut now, mut quiet) = (Late::default(), 0, 0);
            let mut seen: Vec<(i64, Option<i64>)> = Vec::new();
            for (passed, is_busy, next) in looks {
                now += i64::try_from(passed).unwrap();
                if is_busy {
                    quiet = now;
                }
                let next = Some(next).filter(|next| *next > 0);
                let found = late.see("live", at(now), (!is_busy).then(|| at(quiet)), next);
                seen.push((now, next.filter(|_| !is_busy)));
                let same: Vec<_> =
                    seen.iter().rev().take_while(|(_, head)| head.is_some() && *head == next).collect();
                let since = same.last().map(|(first, _)| *first.max(&quiet));
                let expected = since.filter(|since| same.len() >= 6 && now - since > 60);
                prop_assert_eq!(found, expected.map(at));
            }
        }
    }
}
