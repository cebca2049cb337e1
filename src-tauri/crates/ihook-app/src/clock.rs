//! Time, so that tests can hold it in their hand: the computer's clock, which anyone may set, and a clock of the
//! process, which nobody sets.

use std::fmt::Debug;
use std::future::Future;
use std::ops::{Add, Sub};
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// Tells the time and waits for it.
pub trait Clock: Debug + Send + Sync {
    /// Now, as the computer's clock has it. It may be set at any time: what waits goes by [`Clock::moment`].
    fn now(&self) -> Timestamp;

    /// Now, on the clock of the process.
    fn moment(&self) -> Moment;

    /// Ends when the clock of the process shows `at` or later.
    fn sleep_until(&self, at: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Now, in milliseconds since 1970: what the store keeps of what happened.
    fn millis(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// How far the computer's clock is ahead of the one of the process, in milliseconds: by how much it was set
    /// since the process began. In whole seconds, for the two are never read at once.
    fn ahead(&self) -> i64 {
        (self.millis() - self.moment().millis() + 500).div_euclid(1000) * 1000
    }

    /// What the computer's clock will show at `at`, as it goes now; milliseconds since 1970.
    fn shown(&self, at: Moment) -> i64 {
        at.millis().saturating_add(self.ahead())
    }
}

/// A day, in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// A time on the clock of the process: what the computer's clock showed when the process began, and what has
/// really passed since. Setting the computer's clock does not move it, and a computer that sleeps does not stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// Before all others.
    pub const FIRST: Self = Self(i64::MIN);

    /// After all others.
    pub const LAST: Self = Self(i64::MAX);

    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970: what the store keeps of what is to come.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// What has passed since `earlier`; nothing where that comes later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// One time on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Milliseconds since 1970: for what happens.
    pub(crate) wall: i64,
    /// For what waits.
    pub(crate) moment: Moment,
}

impl Now {
    /// As `clock` has it.
    pub(crate) fn of(clock: &dyn Clock) -> Self {
        Self { wall: clock.millis(), moment: clock.moment() }
    }
}

/// The computer's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    /// When this was made.
    began: Moment,
    /// The same, since the computer was started.
    began_after_boot: Duration,
}

impl SystemClock {
    /// One for the whole process: moments of two cannot be compared.
    #[must_use]
    pub fn new() -> Self {
        Self { began: Moment(wall().as_millisecond()), began_after_boot: since_boot() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        wall()
    }

    fn moment(&self) -> Moment {
        self.began + since_boot().saturating_sub(self.began_after_boot)
    }

    fn sleep_until(&self, at: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            // In short naps: the runtime's timers stand still while the computer sleeps.
            loop {
                let left = at.since(self.moment());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(Duration::from_secs(30))).await;
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the clock")]
fn wall() -> Timestamp {
    Timestamp::now()
}

/// What has passed since the computer was started, sleep included.
#[cfg(unix)]
fn since_boot() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    // Counts sleep too on macOS.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    Duration::try_from(clock_gettime(CLOCK)).unwrap_or_default()
}

/// What has passed since this was first asked. Counts sleep too on Windows.
#[cfg(not(unix))]
fn since_boot() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A computer whose clock was set by so many milliseconds since the process began.
    #[derive(Debug)]
    struct Set(i64);

    impl Clock for Set {
        fn now(&self) -> Timestamp {
            Timestamp::from_millisecond(1_000_000 + self.0).unwrap()
        }

        fn moment(&self) -> Moment {
            Moment(1_000_000)
        }

        fn sleep_until(&self, _at: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }
    }

    #[test]
    fn a_moment_is_shown_as_the_computer_s_clock_goes_now() {
        let check = |set: i64, expected: i64| {
            assert_eq!(Set(set).shown(Moment(2_000_007)), expected, "set by {set} ms");
        };
        check(0, 2_000_007);
        check(1, 2_000_007);
        check(-3, 2_000_007);
        check(7_200_000, 9_200_007);
        check(-7_199_999, 2_000_007 - 7_200_000);
    }

    #[test]
    fn moments_are_apart_by_what_passed_and_never_by_less_than_nothing() {
        let (early, late) = (Moment(1_000), Moment(4_500));
        assert_eq!(late.since(early), Duration::from_millis(3_500));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(late.since(Moment::FIRST), Duration::from_millis(u64::try_from(i64::MAX).unwrap()));
        assert_eq!(early + Duration::from_secs(2), Moment(3_000));
        assert_eq!(early - Duration::from_secs(2), Moment(-1_000));
        assert_eq!(early + Duration::MAX, Moment(i64::MAX));
    }

    #[tokio::test]
    async fn the_clock_of_the_process_begins_with_the_computer_s_and_goes_on() {
        let clock = SystemClock::new();
        let began = clock.moment();
        assert!((clock.millis() - began.millis()).abs() < 60_000, "they begin together");
        clock.sleep_until(began + Duration::from_millis(5)).await;
        assert!(clock.moment() >= began + Duration::from_millis(5));
    }
}
