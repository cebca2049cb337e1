//! Restarts tasks that panic: a bug in one piece of the program ends neither that piece nor any other.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

/// Before a task begins again: whatever it was may strike at once.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs `work` until it ends, and begins it anew each time it panics, until `shutdown`. `name` is for the log.
pub async fn supervise<C: Clone, T: Future<Output = ()>>(
    name: &'static str,
    context: C,
    shutdown: CancellationToken,
    work: impl Fn(C, CancellationToken) -> T,
) {
    let begin = || async { work(context.clone(), shutdown.clone()).await };
    while AssertUnwindSafe(begin()).catch_unwind().await.is_err() {
        tracing::error!(task = name, "task.panicked");
        if has_ended_after_pause(&shutdown).await {
            return;
        }
    }
}

/// Waits a little after a panic; whether the program is ending.
pub(crate) async fn has_ended_after_pause(shutdown: &CancellationToken) -> bool {
    tokio::time::timeout(PAUSE, shutdown.cancelled()).await.is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_that_panics_begins_again_until_it_ends_or_the_program_does() {
        let begun = AtomicU32::new(0);
        let work = async |ends_at: u32, _shutdown: CancellationToken| {
            tokio::task::yield_now().await;
            assert!(begun.fetch_add(1, Ordering::Relaxed) + 1 >= ends_at, "on purpose");
        };
        let shutdown = CancellationToken::new();
        supervise("test", 3, shutdown.clone(), work).await;
        assert_eq!(begun.load(Ordering::Relaxed), 3, "twice it panicked, then it ended");
        shutdown.cancel();
        supervise("test", u32::MAX, shutdown, work).await;
        assert_eq!(begun.load(Ordering::Relaxed), 4, "nothing begins again while the program ends");
    }

    #[tokio::test]
    async fn work_that_panics_before_it_is_even_a_future_begins_again_as_well() {
        let begun = AtomicU32::new(0);
        let work = |(), _shutdown| {
            assert!(begun.fetch_add(1, Ordering::Relaxed) > 0, "on purpose");
            std::future::ready(())
        };
        supervise("test", (), CancellationToken::new(), work).await;
        assert_eq!(begun.load(Ordering::Relaxed), 2);
    }
}
