//! Token buckets: how many deliveries a workflow takes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ihook_engine::workflow::RateLimit;
use ihook_store::WorkflowId;

/// One bucket for each workflow that asked for a limit.
#[derive(Debug, Default)]
pub(crate) struct RateLimits(Mutex<HashMap<WorkflowId, Bucket>>);

/// What is left of a limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    tokens: f64,
    /// Milliseconds since 1970.
    at: i64,
}

impl RateLimits {
    /// Takes a token at `now` (milliseconds since 1970), or says in how many seconds there will be one.
    pub(super) fn take(&self, id: WorkflowId, limit: RateLimit, now: i64) -> Result<(), u32> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.entry(id).or_insert_with(|| Bucket::full(limit, now)).take(limit, now)
    }
}

impl Bucket {
    /// As it is before anything was taken.
    pub(super) fn full(limit: RateLimit, now: i64) -> Self {
        Self { tokens: f64::from(limit.burst), at: now }
    }

    /// Takes a token at `now` (milliseconds since 1970), or says in how many seconds there will be one.
    pub(super) fn take(&mut self, limit: RateLimit, now: i64) -> Result<(), u32> {
        // A clock that was set back gives nothing and takes nothing.
        let elapsed = u32::try_from((now - self.at).max(0)).unwrap_or(u32::MAX);
        let gained = f64::from(elapsed) / 1000.0 * limit.per_second;
        self.tokens = (self.tokens + gained).min(f64::from(limit.burst));
        self.at = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let seconds = ((1.0 - self.tokens) / limit.per_second).ceil().clamp(1.0, 3600.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 3600")]
        Err(seconds as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let (limits, id) = (RateLimits::default(), WorkflowId::new());
        let limit = RateLimit { per_second: 2.0, burst: 3 };
        let at = |now: i64| limits.take(id, limit, now);
        assert_eq!([at(0), at(0), at(0), at(0)], [Ok(()), Ok(()), Ok(()), Err(1)]);
        assert_eq!([at(500), at(500)], [Ok(()), Err(1)], "half a second gives one");
        assert_eq!([at(60_000), at(60_000), at(60_000), at(60_000)], [Ok(()), Ok(()), Ok(()), Err(1)]);
        assert_eq!(at(0), Err(1), "a clock that was set back gives nothing");
    }
}
