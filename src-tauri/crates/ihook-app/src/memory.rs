//! Freed memory goes back to the system. glibc keeps what a rush has needed, although the next one may never come.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::App;

/// Between two times: a rush is over by then, and doing it takes a few milliseconds.
const EVERY: Duration = Duration::from_secs(20);

/// Gives freed memory back again and again, until `shutdown`.
pub(crate) async fn keep_giving_back(app: App, shutdown: CancellationToken) {
    loop {
        let next = app.clock().moment() + EVERY;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.clock().sleep_until(next) => {}
        }
        // It blocks; and a thread that cannot be had leaves things as they are.
        let _ = tokio::task::spawn_blocking(give_back).await;
    }
}

/// Gives freed memory back now.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library offers no other way to it")]
pub(crate) fn give_back() {
    // SAFETY: takes no pointers, and may be called at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other systems' allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
