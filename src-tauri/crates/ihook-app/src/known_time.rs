//! The time that is believed where something is removed for good. A clock that is suddenly ahead is not, until it
//! has stayed so for a day of running or a person says that it is right.

use std::sync::{Mutex, PoisonError};

use ihook_store::{Store, StoreError, setting};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::clock::{DAY, Moment, Now};

/// So much further than a day's worth of removing goes by an hour, once a clock that jumped is believed.
const FASTER: i64 = 24;

/// What the program believes of the computer's clock.
#[derive(Debug)]
pub(crate) struct KnownTime {
    state: Mutex<State>,
    /// Told when a person said that the clock is right.
    pub(crate) confirmed: Notify,
}

#[derive(Clone, Copy, Debug)]
struct State {
    kept: Kept,
    /// When that was so.
    at: Moment,
}

/// What is kept of it in the database. Times are milliseconds since 1970, spans milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    /// The last time that was believed.
    known: i64,
    /// By which time things are removed: it follows `known`.
    removing: i64,
    /// The clock is further ahead than it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ahead: Option<Ahead>,
}

/// A clock that is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ahead {
    /// What it showed last.
    shown: i64,
    /// For how long the program has seen it so.
    stayed: i64,
}

impl Kept {
    /// Of a program that never ran before: nothing is known but what the clock shows.
    fn first(wall: i64) -> Self {
        Self { known: wall, removing: wall, ahead: None }
    }

    /// After so many milliseconds, with the clock showing `wall`.
    fn observe(self, wall: i64, elapsed: i64) -> Self {
        let expected = self.known.saturating_add(elapsed);
        let ahead = if wall <= expected.saturating_add(DAY) { None } else { Some(self.stays(wall, elapsed)) };
        match ahead.filter(|ahead| ahead.stayed < DAY) {
            Some(ahead) => {
                Self { known: expected, removing: self.follow(expected, elapsed), ahead: Some(ahead) }
            }
            None => Self { known: wall, removing: self.follow(wall, elapsed), ahead: None },
        }
    }

    /// How long the clock has been ahead: from anew, when it moved again while somebody looked.
    fn stays(self, wall: i64, elapsed: i64) -> Ahead {
        match self.ahead {
            Some(Ahead { shown, stayed })
                if wall.abs_diff(shown.saturating_add(elapsed)) <= DAY.unsigned_abs() =>
            {
                Ahead { shown: wall, stayed: stayed.saturating_add(elapsed) }
            }
            _ => Ahead { shown: wall, stayed: 0 },
        }
    }

    /// A day's worth an hour, and never beyond what is known.
    fn follow(self, known: i64, elapsed: i64) -> i64 {
        known.min(self.removing.saturating_add(elapsed.saturating_mul(FASTER)))
    }

    /// The program begins again with the clock showing `wall`. How long it did not run, nobody knows: a clock that
    /// was ahead then and is further ahead now has stayed so.
    fn resumed(self, wall: i64) -> Self {
        let ahead = self.ahead.map(|ahead| Ahead { shown: wall.max(ahead.shown), ..ahead });
        Self { ahead, ..self }.observe(wall, 0)
    }

    fn confirm(self, wall: i64) -> Self {
        Self { known: wall, ahead: None, ..self }
    }
}

impl KnownTime {
    /// As the last program left it.
    ///
    /// # Errors
    /// As the store reports them.
    pub(crate) fn load_blocking(store: &Store, now: Now) -> Result<Self, StoreError> {
        let text = store.read_blocking(|database| setting::get(database, setting::KNOWN_TIME))?;
        let kept = text.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        let kept = kept.map_or_else(|| Kept::first(now.wall), |kept| kept.resumed(now.wall));
        Ok(Self { state: Mutex::new(State { kept, at: now.moment }), confirmed: Notify::new() })
    }

    /// Looks at the clock, and keeps what is believed of it.
    ///
    /// # Errors
    /// As the store reports them.
    pub(crate) async fn look(&self, store: &Store, now: Now) -> Result<(), StoreError> {
        let kept = self.change(|kept, elapsed| kept.observe(now.wall, elapsed), now);
        let text = serde_json::to_string(&kept).unwrap_or_default();
        store.write(move |tx| setting::set(tx, setting::KNOWN_TIME, &text)).await
    }

    /// A person says that the clock is right.
    pub(crate) fn confirm(&self, now: Now) {
        self.change(|kept, elapsed| kept.observe(now.wall, elapsed).confirm(now.wall), now);
        self.confirmed.notify_one();
    }

    /// By which time things may be removed, in milliseconds since 1970; none while the clock is not believed.
    pub(crate) fn removing(&self) -> Option<i64> {
        let Kept { removing, ahead, .. } = self.kept();
        ahead.is_none().then_some(removing)
    }

    /// What the clock shows, unless it is further ahead than is believed: then what it should show. Milliseconds
    /// since 1970.
    pub(crate) fn plausible(&self, now: Now) -> i64 {
        let State { kept, at } = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let expected = kept.known.saturating_add(elapsed(at, now.moment));
        if now.wall > expected.saturating_add(DAY) { expected } else { now.wall }
    }

    /// By how much the clock is ahead of what is believed, in milliseconds; none while it is believed.
    pub(crate) fn ahead(&self) -> Option<i64> {
        let Kept { known, ahead, .. } = self.kept();
        ahead.map(|ahead| ahead.shown.saturating_sub(known))
    }

    fn kept(&self) -> Kept {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).kept
    }

    fn change(&self, change: impl FnOnce(Kept, i64) -> Kept, now: Now) -> Kept {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state =
            State { kept: change(state.kept, elapsed(state.at, now.moment)), at: now.moment.max(state.at) };
        state.kept
    }
}

fn elapsed(from: Moment, to: Moment) -> i64 {
    i64::try_from(to.since(from).as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const NOW: i64 = 1_000 * DAY;

    /// Looks every five minutes for so long, with the clock going as it should; how it ends.
    fn after(mut kept: Kept, mut wall: i64, span: i64) -> (Kept, i64) {
        for _ in 0..span / (5 * MINUTE) {
            wall += 5 * MINUTE;
            kept = kept.observe(wall, 5 * MINUTE);
        }
        (kept, wall)
    }

    #[test]
    fn a_clock_that_goes_as_it_should_is_believed_also_after_a_night_without_the_program() {
        let (kept, wall) = after(Kept::first(NOW), NOW, 400 * DAY);
        assert_eq!(kept, Kept::first(NOW + 400 * DAY));
        let (kept, wall) = after(kept.resumed(wall + 16 * HOUR), wall + 16 * HOUR, HOUR);
        assert_eq!(kept, Kept::first(wall));
    }

    #[test]
    fn a_clock_that_is_ahead_for_a_moment_removes_nothing() {
        let kept = Kept::first(NOW).observe(NOW + 100 * DAY, 5 * MINUTE);
        assert!(kept.ahead.is_some() && kept.removing == NOW + 5 * MINUTE, "{kept:?}");
        let (kept, _) = after(kept, NOW + 100 * DAY, 23 * HOUR);
        assert!(kept.ahead.is_some(), "{kept:?}");
        let kept = kept.observe(NOW + 24 * HOUR, 5 * MINUTE);
        assert_eq!(kept.ahead, None, "it is right again");
        assert!(kept.removing <= NOW + 24 * HOUR, "{kept:?}");
    }

    #[test]
    fn a_clock_that_stays_ahead_for_a_day_is_believed_and_removes_a_day_s_worth_an_hour() {
        let ahead = Kept::first(NOW).observe(NOW + 100 * DAY, 0);
        let (kept, wall) = after(ahead, NOW + 100 * DAY, DAY);
        assert_eq!((kept.known, kept.ahead), (wall, None));
        let before = kept.removing;
        let (kept, wall) = after(kept, wall, 10 * HOUR);
        assert_eq!(kept.removing - before, 10 * DAY);
        let (kept, wall) = after(kept, wall, 100 * HOUR);
        assert_eq!(kept, Kept::first(wall), "it has caught up");
    }

    #[test]
    fn a_person_s_word_is_enough_and_it_still_goes_a_day_s_worth_an_hour() {
        let kept = Kept::first(NOW).observe(NOW + 100 * DAY, 0).confirm(NOW + 100 * DAY);
        assert_eq!((kept.known, kept.removing, kept.ahead), (NOW + 100 * DAY, NOW, None));
        let (kept, _) = after(kept, NOW + 100 * DAY, 2 * HOUR);
        assert_eq!(kept.removing, NOW + 2 * DAY);
    }

    #[test]
    fn a_clock_that_jumps_again_has_to_stay_for_another_day() {
        let (kept, wall) = after(Kept::first(NOW).observe(NOW + 100 * DAY, 0), NOW + 100 * DAY, 20 * HOUR);
        let (kept, wall) = after(kept.observe(wall + 100 * DAY, 0), wall + 100 * DAY, 20 * HOUR);
        assert!(kept.ahead.is_some(), "{kept:?}");
        assert_eq!(after(kept, wall, 5 * HOUR).0.ahead, None);
    }

    #[test]
    fn what_stayed_is_counted_over_ends_of_the_program() {
        let mut kept = Kept::first(NOW);
        let mut wall = NOW + 63 * HOUR;
        for day in 0..3 {
            kept = kept.resumed(wall);
            assert!(kept.ahead.is_some(), "day {day}: {kept:?}");
            (kept, wall) = after(kept, wall, 8 * HOUR);
            wall += 16 * HOUR;
        }
        assert_eq!(kept.resumed(wall).ahead, None, "three days of eight hours");
    }

    #[test]
    fn a_clock_that_is_set_back_is_believed_at_once() {
        let kept = Kept::first(NOW).observe(NOW - 100 * DAY, MINUTE);
        assert_eq!(kept, Kept::first(NOW - 100 * DAY));
    }

    proptest! {
        #[test]
        fn whatever_the_clock_shows_a_day_s_worth_an_hour_is_the_most_that_is_removed(
            looks in prop::collection::vec((0_i64..10 * DAY, -200 * DAY..200 * DAY), 1..60),
        ) {
            let mut kept = Kept::first(NOW);
            let mut wall = NOW;
            for (elapsed, set) in looks {
                wall += elapsed + set;
                let before = kept;
                kept = kept.observe(wall, elapsed);
                prop_assert!(kept.removing - before.removing <= elapsed * 24, "{before:?} {kept:?}");
                prop_assert!(kept.removing <= kept.known);
                if wall - (before.known + elapsed) > DAY && before.ahead.is_none() {
                    prop_assert!(kept.ahead.is_some(), "a jump is not believed at once: {kept:?}");
                }
            }
        }
    }
}
