//! The writes-per-minute cap of a connection: at most so many inserts in any 60 s, also by iMIS's own clock.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::{Clock, Moment};

/// The span of the cap; a little more, because times are cut to whole milliseconds.
pub(crate) const MINUTE: Duration = Duration::from_millis(60_002);

/// The inserts of the last minute.
///
/// An insert arrives somewhere between its leaving and its answer. So it counts from the moment it leaves until a
/// minute after its answer: whenever it arrived, no window of 60 s holds more than the cap.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    writes: Mutex<Writes>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Writes {
    under_way: usize,
    /// When the last ones were answered.
    ended: VecDeque<Moment>,
}

/// A place among the writes of a minute, taken until a minute after this is dropped.
pub(crate) struct Place<'a> {
    pace: &'a Pace,
    clock: &'a dyn Clock,
}

impl Pace {
    /// Goes on from inserts that left earlier, each with when it was answered at the latest.
    pub(crate) fn resumed(answered: impl IntoIterator<Item = Moment>) -> Self {
        let mut ended: VecDeque<Moment> = answered.into_iter().collect();
        ended.make_contiguous().sort_unstable();
        Self { writes: Mutex::new(Writes { under_way: 0, ended }), ended: Notify::new() }
    }

    /// Waits for a place.
    pub(crate) async fn place<'a>(&'a self, clock: &'a dyn Clock, cap: u32) -> Place<'a> {
        loop {
            // Registered before looking: an end in between is not missed.
            let ended = self.ended.notified();
            match self.take(clock.moment(), cap) {
                Ok(()) => return Place { pace: self, clock },
                Err(None) => ended.await,
                Err(Some(until)) => tokio::select! {
                    () = ended => {}
                    () = clock.sleep_until(until) => {}
                },
            }
        }
    }

    /// Takes a place, or says when one becomes free if that is known.
    fn take(&self, now: Moment, cap: u32) -> Result<(), Option<Moment>> {
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        while writes.ended.front().is_some_and(|at| now.since(*at) >= MINUTE) {
            writes.ended.pop_front();
        }
        if writes.under_way + writes.ended.len() < usize::try_from(cap).unwrap_or(usize::MAX) {
            writes.under_way += 1;
            return Ok(());
        }
        Err(writes.ended.front().map(|at| *at + MINUTE))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut writes = self.pace.writes.lock().unwrap_or_else(PoisonError::into_inner);
        writes.under_way -= 1;
        writes.ended.push_back(self.clock.moment());
        drop(writes);
        self.pace.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    #[test]
    fn a_place_is_free_again_a_minute_after_the_answer() {
        let pace = Pace::default();
        let end = |millis: i64| {
            let mut writes = pace.writes.lock().unwrap();
            writes.under_way -= 1;
            writes.ended.push_back(at(millis));
        };
        assert_eq!(pace.take(at(0), 2), Ok(()));
        assert_eq!(pace.take(at(1), 2), Ok(()));
        assert_eq!(pace.take(at(100_000), 2), Err(None), "both are under way, however long");
        end(100_000);
        let free = at(100_000) + MINUTE;
        assert_eq!(pace.take(at(100_001), 2), Err(Some(free)));
        assert_eq!(pace.take(free, 2), Ok(()));
        assert_eq!(pace.take(free, 3), Ok(()), "a cap that was raised counts at once");
    }

    #[test]
    fn inserts_of_the_program_before_count_too() {
        let pace = Pace::resumed([at(5_000), at(1_000)]);
        let (first, second) = (at(1_000) + MINUTE, at(5_000) + MINUTE);
        assert_eq!(pace.take(at(6_000), 2), Err(Some(first)));
        assert_eq!(pace.take(first, 2), Ok(()));
        assert_eq!(pace.take(first, 2), Err(Some(second)));
    }
}
