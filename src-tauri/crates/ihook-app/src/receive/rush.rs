//! Whether many deliveries come at once, so that other work can leave them the machine: a sender waits for its
//! answer, a run only for its turn.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// From so many at once it is a rush: more than a sender that waits for its answers has connections.
const MANY: usize = 32;
/// It is over when they were fewer for so long: after each commit they are, for a moment.
const AFTERWARDS: Duration = Duration::from_millis(25);

/// Watches the deliveries between their arrival and their answer.
#[derive(Debug)]
pub(crate) struct Rush {
    taken: AtomicUsize,
    began: Instant,
    /// Until when it is a rush, in milliseconds after `began`.
    until: AtomicU64,
}

/// One of them, until this is dropped.
pub(super) struct Taking<'a>(&'a Rush);

impl Default for Rush {
    fn default() -> Self {
        Self { taken: AtomicUsize::new(0), began: Instant::now(), until: AtomicU64::new(0) }
    }
}

impl Rush {
    pub(super) fn taking(&self) -> Taking<'_> {
        if self.taken.fetch_add(1, Ordering::Relaxed) + 1 >= MANY {
            self.until.store(self.millis(Instant::now() + AFTERWARDS), Ordering::Relaxed);
        }
        Taking(self)
    }

    pub(crate) fn is_on(&self) -> bool {
        self.is_on_at(Instant::now())
    }

    fn is_on_at(&self, now: Instant) -> bool {
        self.millis(now) < self.until.load(Ordering::Relaxed)
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from((at - self.began).as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Taking<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_begins_with_many_deliveries_at_once_and_ends_a_little_after_them() {
        let rush = Rush::default();
        let some: Vec<_> = (1..MANY).map(|_| rush.taking()).collect();
        let now = Instant::now();
        assert!(!rush.is_on_at(now));
        drop(rush.taking());
        drop(some);
        assert!(rush.is_on_at(now), "they are answered together and come again");
        assert!(!rush.is_on_at(Instant::now() + AFTERWARDS));
    }
}
