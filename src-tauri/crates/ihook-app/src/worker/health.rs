//! What the last contacts say of a site: fine, away and asked by GET, or stopped until someone acts.

use std::time::Duration;

use crate::clock::Moment;

/// Failures in a row after which the site is probed instead of tried with inserts.
const FAILURES: u32 = 5;
/// How long a site that is away is left alone before the next probe, in seconds: not long at first.
const PROBES: [u64; 4] = [5, 15, 30, 60];

/// A site's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Fine {
        failures: u32,
    },
    /// Asked again at a time, with something harmless.
    Away {
        probe_at: Moment,
        probes: usize,
    },
    /// It answered a probe. One run at a time goes out until one gets through: a site whose reads work and whose
    /// inserts fail is still away.
    Trial {
        probes: usize,
    },
    /// Refused the credentials, or there are none: only a person mends that.
    Blocked,
}

impl Health {
    /// A run got an answer; whether that ends an outage.
    pub(super) fn answered(&mut self) -> bool {
        match self {
            Self::Fine { failures } => *failures = 0,
            Self::Trial { .. } => {
                *self = Self::Fine { failures: 0 };
                return true;
            }
            Self::Away { .. } | Self::Blocked => {}
        }
        false
    }

    /// A run got none; whether the site counts as away from now on.
    pub(super) fn failed(&mut self, now: Moment) -> bool {
        match *self {
            Self::Fine { failures } if failures + 1 < FAILURES => {
                *self = Self::Fine { failures: failures + 1 };
                false
            }
            Self::Fine { .. } => {
                *self = Self::away(now, 0);
                true
            }
            Self::Trial { probes } => {
                *self = Self::away(now, probes);
                true
            }
            Self::Away { .. } | Self::Blocked => false,
        }
    }

    /// A probe was answered, or not.
    pub(super) fn probed(&mut self, now: Moment, answered: bool) {
        if let Self::Away { probes, .. } = *self {
            *self = if answered { Self::Trial { probes: probes + 1 } } else { Self::away(now, probes + 1) };
        }
    }

    /// A person wants to know now.
    pub(super) fn ask_now(&mut self, now: Moment) {
        if matches!(self, Self::Away { .. } | Self::Blocked) {
            *self = Self::Away { probe_at: now, probes: 0 };
        }
    }

    fn away(now: Moment, probes: usize) -> Self {
        let pause = Duration::from_secs(PROBES[probes.min(PROBES.len() - 1)]);
        Self::Away { probe_at: now + pause, probes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    #[test]
    fn five_failures_in_a_row_lead_to_probes_and_one_run_that_gets_through_ends_them() {
        let mut health = Health::Fine { failures: 0 };
        for _ in 0..4 {
            assert!(!health.failed(at(0)));
        }
        assert!(!health.answered(), "not in a row");
        for _ in 0..4 {
            assert!(!health.failed(at(0)));
        }
        assert!(health.failed(at(1000)));
        let mut waits = Vec::new();
        for _ in 0..5 {
            let Health::Away { probe_at, .. } = health else { panic!("{health:?}") };
            assert!(!health.failed(at(0)) && !health.answered(), "late answers of earlier runs say nothing");
            waits.push(probe_at.since(at(1000)).as_secs());
            health.probed(at(1000), false);
        }
        assert_eq!(waits, [5, 15, 30, 60, 60]);
        health.probed(at(1000), true);
        assert!(health.failed(at(1000)), "reads work, inserts do not: away, and not from the beginning");
        assert_eq!(health, Health::Away { probe_at: at(61_000), probes: 6 });
        health.probed(at(1000), true);
        assert!(health.answered());
        assert_eq!(health, Health::Fine { failures: 0 });
    }

    #[test]
    fn only_a_person_ends_a_block() {
        let mut health = Health::Blocked;
        assert!(!health.answered() && !health.failed(at(0)));
        health.probed(at(0), true);
        assert_eq!(health, Health::Blocked);
        health.ask_now(at(7));
        assert_eq!(health, Health::Away { probe_at: at(7), probes: 0 });
    }
}
