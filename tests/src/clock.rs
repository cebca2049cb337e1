//! A clock that a test can move on.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ihook_app::clock::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// Shows the computer's time plus whatever it was moved on.
#[derive(Debug, Default)]
pub struct TestClock {
    ahead: AtomicI64,
    moved: Notify,
}

impl TestClock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        let ahead = time.as_millisecond() - SystemClock.millis();
        Self { ahead: AtomicI64::new(ahead), moved: Notify::new() }
    }

    /// Moves the clock on; whoever waits for a time that has come by then goes on.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(millis, Ordering::SeqCst);
        self.moved.notify_waiters();
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
                let Ok(left) = u64::try_from(left) else { return };
                if left == 0 {
                    return;
                }
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(Duration::from_millis(left.min(30_000))) => {}
                }
            }
        })
    }
}
