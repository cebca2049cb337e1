//! What a dispatcher does next, and until when it waits, decided from what it knows alone: no database, no site,
//! no clock of its own.
//!
//! Each round asks [`Schedule::next`] until the answer is to wait. Nothing that the answer rests on outlives the
//! round, so that no state can be left behind in which nobody wakes the dispatcher.

use std::time::Duration;

use super::drive::Contact;
use super::health::Health;
use crate::clock::Moment;

/// Pause after the database failed.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What one dispatcher knows of its site.
#[derive(Debug)]
pub(super) struct Schedule {
    health: Health,
    /// What the site, or whoever keeps us from it, said last.
    reason: String,
    /// Nothing is done before, because the database failed.
    pause_until: Moment,
    /// Nothing goes out before, because the site asked for that.
    not_before: Moment,
    /// Deliveries go first until then.
    rest_until: Moment,
    /// Runs may be marked as under way that are not, and since when.
    cut_off: Option<CutOff>,
    /// A run got through to a site that was away, or one that used what the connection was before had to give up.
    is_back: bool,
    round: Round,
}

/// What was found out in this round.
#[derive(Debug, Default)]
struct Round {
    /// Runs that may be under way at once.
    limit: Option<usize>,
    /// The queue has nothing that may start now; inside, when its next run is due.
    drained: Option<Option<Moment>>,
    /// The queued runs say why they wait.
    is_put_off: bool,
}

/// Since when runs may be marked as under way that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CutOff {
    /// By the end of the program: what blocked the connection may be gone as well.
    AtStart,
    /// By a database that failed.
    ByStore,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Take up what is marked as under way and is not.
    TakeUp(CutOff),
    /// Let everything that waits for the site go on.
    Recover,
    /// Say at each queued run why nothing goes out: only a person changes that.
    PutOff,
    /// Ask the site for something harmless.
    Probe,
    /// Find out how many runs may be under way at once.
    Limit,
    /// Start the next run that may start.
    Start,
    /// Everything there is waits for its time: let the first one show whether the site takes it.
    Hasten,
    /// Nothing, for now.
    Wait(Wait),
}

/// Until something that is under way ends, a person acts, or the time comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// Without it only an event changes anything.
    pub(super) until: Option<Moment>,
    /// Whether an arrival ends it too.
    pub(super) hears_arrivals: bool,
}

impl Schedule {
    /// Of a dispatcher that begins.
    pub(super) fn new() -> Self {
        Self {
            health: Health::Fine { failures: 0 },
            reason: String::new(),
            pause_until: Moment::FIRST,
            not_before: Moment::FIRST,
            rest_until: Moment::FIRST,
            cut_off: Some(CutOff::AtStart),
            is_back: false,
            round: Round::default(),
        }
    }

    /// Forgets what the last round found out.
    pub(super) fn begin_round(&mut self) {
        self.round = Round::default();
    }

    /// What to do at the time `now`, with so many runs under way.
    pub(super) fn next(&self, now: Moment, in_flight: usize) -> Next {
        if now < self.pause_until {
            return wait(Some(self.pause_until));
        }
        if let Some(cut_off) = self.cut_off {
            return Next::TakeUp(cut_off);
        }
        if self.is_back {
            return Next::Recover;
        }
        match self.health {
            Health::Blocked if self.round.is_put_off => wait(None),
            Health::Blocked => Next::PutOff,
            Health::Away { probe_at, .. } => match probe_at.max(self.not_before) {
                probe_at if now < probe_at => wait(Some(probe_at)),
                _ => Next::Probe,
            },
            Health::Fine { .. } | Health::Trial { .. } if now < self.not_before => {
                wait(Some(self.not_before))
            }
            Health::Fine { .. } | Health::Trial { .. } => self.next_run(now, in_flight),
        }
    }

    fn next_run(&self, now: Moment, in_flight: usize) -> Next {
        let Some(limit) = self.round.limit else { return Next::Limit };
        let is_trial = matches!(self.health, Health::Trial { .. });
        let limit = if is_trial { 1 } else { limit.max(1) };
        if in_flight >= limit {
            return wait(None);
        }
        if now < self.rest_until {
            return Next::Wait(Wait { until: Some(self.rest_until), hears_arrivals: false });
        }
        match self.round.drained {
            None => Next::Start,
            Some(_) if is_trial && in_flight == 0 => Next::Hasten,
            Some(next_due) => wait(next_due),
        }
    }

    /// Why nothing goes out, when nothing does: in words, and until when the site asked to be left alone.
    pub(super) fn trouble(&self, now: Moment) -> Option<(&str, Option<Moment>)> {
        let asked = Some(self.not_before).filter(|until| now < *until);
        let is_fine = matches!(self.health, Health::Fine { .. });
        (!is_fine || asked.is_some()).then_some((self.reason.as_str(), asked))
    }

    /// Until when nothing has to go out, as long as this dispatcher waits like that: while the trouble that is shown
    /// keeps it from starting anything.
    pub(super) fn excused_until(&self, now: Moment, wait: Wait, in_flight: usize) -> Moment {
        match self.trouble(now) {
            // What is under way wakes it.
            Some(_) if in_flight == 0 => wait.until.unwrap_or(Moment::LAST),
            _ => Moment::FIRST,
        }
    }

    /// So many may be under way at once.
    pub(super) fn limited_to(&mut self, limit: usize) {
        self.round.limit = Some(limit);
    }

    /// The next run is left alone for `gap`: deliveries go first.
    pub(super) fn rest(&mut self, now: Moment, gap: Duration) {
        self.rest_until = now + gap;
    }

    /// No run may start now; when the next one is due.
    pub(super) fn drained(&mut self, next_due: Option<Moment>) {
        self.round.drained = Some(next_due);
    }

    /// The first waiting run may go out now.
    pub(super) fn hastened(&mut self) {
        self.round.drained = None;
    }

    /// Every queued run says why it waits.
    pub(super) fn put_off(&mut self) {
        self.round.is_put_off = true;
    }

    /// What was marked as under way and was not is in its queue again.
    pub(super) fn taken_up(&mut self) {
        self.cut_off = None;
    }

    /// Everything that waited for the site goes on.
    pub(super) fn recovered(&mut self) {
        self.health = Health::Fine { failures: 0 };
        self.is_back = false;
        self.round = Round::default();
    }

    /// The connection was saved: what its site asked for before counts no more.
    pub(super) fn mended(&mut self) {
        self.is_back = true;
        self.not_before = Moment::FIRST;
    }

    /// A run had to give up that used what the connection was before it was saved.
    pub(super) fn ended_outdated(&mut self) {
        self.is_back = true;
    }

    /// A person wants to know now.
    pub(super) fn try_now(&mut self, now: Moment) {
        self.health.ask_now(now);
        self.not_before = Moment::FIRST;
    }

    /// The database failed: nobody knows which runs are marked as under way.
    pub(super) fn store_failed(&mut self, now: Moment) {
        self.pause_until = now + STORE_PAUSE;
        self.cut_off = Some(self.cut_off.unwrap_or(CutOff::ByStore));
    }

    /// A run ended, or was set aside.
    pub(super) fn ended(&mut self, contact: Contact, now: Moment) {
        match contact {
            Contact::None | Contact::Aside => {}
            Contact::Fine => self.is_back |= self.health.answered(),
            Contact::Failed { reason, retry_after } => {
                let is_asked = !retry_after.is_zero();
                if is_asked {
                    self.not_before = self.not_before.max(now + retry_after);
                }
                if self.health.failed(now) || is_asked {
                    self.reason = reason;
                }
            }
            Contact::Blocked(reason) => self.blocked(reason),
            Contact::StoreFailed => self.store_failed(now),
        }
    }

    /// Only a person changes anything.
    pub(super) fn blocked(&mut self, reason: String) {
        self.health = Health::Blocked;
        self.reason = reason;
    }

    /// The site answered something harmless, or why it did not.
    pub(super) fn probed(&mut self, now: Moment, answer: Result<(), String>) {
        self.health.probed(now, answer.is_ok());
        if let Err(reason) = answer {
            self.reason = reason;
        }
    }
}

fn wait(until: Option<Moment>) -> Next {
    Next::Wait(Wait { until, hears_arrivals: true })
}

#[cfg(test)]
mod tests;
