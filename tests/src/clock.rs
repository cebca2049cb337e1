//! A clock that a test can move on.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ihook_app::clock::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// Shows the computer's time plus whatever it was moved on.
#[derive(Debug, Default)]
pub struct TestClock {
    ahead: AtomicI64,
    moved: Notify,
    /// Whoever sleeps until this time finds the clock broken, once; milliseconds since 1970.
    breaks_at: Mutex<Option<i64>>,
}

impl TestClock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        let ahead = time.as_millisecond() - SystemClock.millis();
        Self { ahead: AtomicI64::new(ahead), ..Self::default() }
    }

    /// Moves the clock on; whoever waits for a time that has come by then goes on.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(millis, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Makes one sleeper panic: the one who waits for exactly this time.
    pub fn break_at(&self, at: Timestamp) {
        *self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at.as_millisecond());
    }

    /// Whether somebody has met the broken clock.
    #[must_use]
    pub fn has_broken(&self) -> bool {
        self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn break_if(&self, at: i64) {
        let mut breaks_at = self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner);
        if breaks_at.take_if(|breaks_at| *breaks_at == at).is_some() {
            drop(breaks_at);
            panic!("the clock breaks, as the test wants it");
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_millis(self.ahead.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            loop {
                // Registered before the clock is read: a move in between is not missed.
                let moved = self.moved.notified();
                let left = at.as_millisecond() - self.millis();
                let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else {
                    self.break_if(at.as_millisecond());
                    return;
                };
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(Duration::from_millis(left.min(30_000))) => {}
                }
            }
        })
    }
}
