//! A clock that a test can move on.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ihook_app::clock::{Clock, Moment, SystemClock};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// Shows the computer's time plus whatever it was moved on, or set to.
#[derive(Debug, Default)]
pub struct TestClock {
    real: SystemClock,
    /// By how much time itself was moved on, in milliseconds.
    ahead: AtomicI64,
    /// By how much somebody set the computer's clock, in milliseconds.
    set: AtomicI64,
    moved: Notify,
    /// Whoever sleeps until this time finds the clock broken, once.
    breaks_at: Mutex<Option<Moment>>,
}

impl TestClock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        let clock = Self::default();
        clock.ahead.store(time.as_millisecond() - clock.real.millis(), Ordering::SeqCst);
        clock
    }

    /// Somebody sets the computer's clock: no time passes.
    pub fn set(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.set.fetch_add(by, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Lets time pass; whoever waits for a time that has come by then goes on.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(millis, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Makes one sleeper panic: the one who waits for exactly this time.
    pub fn break_at(&self, at: Timestamp) {
        *self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Moment::from_millis(at.as_millisecond()));
    }

    /// Whether somebody has met the broken clock.
    #[must_use]
    pub fn has_broken(&self) -> bool {
        self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn break_if(&self, at: Moment) {
        let mut breaks_at = self.breaks_at.lock().unwrap_or_else(PoisonError::into_inner);
        if breaks_at.take_if(|breaks_at| *breaks_at == at).is_some() {
            drop(breaks_at);
            panic!("the clock breaks, as the test wants it");
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead.load(Ordering::SeqCst) + self.set.load(Ordering::SeqCst);
        self.real.now() + SignedDuration::from_millis(ahead)
    }

    fn moment(&self) -> Moment {
        Moment::from_millis(self.real.moment().millis() + self.ahead.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            loop {
                // Registered before the clock is read: a move in between is not missed.
                let moved = self.moved.notified();
                let left = at.since(self.moment());
                if left.is_zero() {
                    self.break_if(at);
                    return;
                }
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(left.min(Duration::from_secs(30))) => {}
                }
            }
        })
    }
}
