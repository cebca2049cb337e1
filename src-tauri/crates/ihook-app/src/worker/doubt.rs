//! Settles a doubt: was the record written or not? Looks it up until that is known, or leaves it to a person.
//!
//! The rules are those of docs/behavior.md#in-doubt: lookups 10 s and 60 s after the cut, after a time-out also
//! after 5 min; with a marker field the marker decides, without one every sent field is compared and records
//! that belong to other runs do not count.

use std::time::Duration;

use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_imis::{Failed, FailureClass, Record};
use ihook_store::StoreError;
use ihook_store::run;
use ihook_store::step::{self, Status, Step};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::drive::{Aside, Contact, Drive};
use super::insert::{Intent, refused_with};
use super::rows::to_json;
use crate::clock::Moment;
use crate::sites::Site;

/// When the record is looked for after the cut.
const LOOKUPS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];
/// A server that timed out may still be writing.
const LAST_AFTER_TIME_OUT: Duration = Duration::from_secs(5 * 60);
/// Look-alikes fetched at most; more than one decides already.
const MOST_ROWS: u32 = 2000;

/// When a like record of another run is under way, the lookup is made again after this.
const TWIN_PAUSE: Duration = Duration::from_secs(5);

/// How far a doubt has come; kept in the step's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Doubt {
    /// When the request was cut off: the milliseconds of a [`Moment`].
    since: i64,
    #[serde(default)]
    pub(super) timed_out: bool,
    /// Lookups that found nothing.
    #[serde(default)]
    lookups: usize,
    /// Lookups in a row that got no answer.
    #[serde(default)]
    unanswered: u32,
    /// What cut it off, in words.
    pub(super) reason: String,
    /// iMIS's words where its answer says that it refused the record: so it is when no lookup finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

/// What became of a doubt.
pub(super) enum Settled {
    /// The record is there, or it was refused: the step, ended.
    Ended(Box<Step>),
    /// It certainly is not: send it again.
    NotThere,
    /// Not known yet, or for a person to decide.
    Leave(Box<Aside>),
}

impl Doubt {
    pub(super) fn new(since: Moment, timed_out: bool, reason: String) -> Self {
        Self { since: since.millis(), timed_out, lookups: 0, unanswered: 0, reason, refusal: None }
    }

    /// After an answer, or none, that does not tell whether the record was written.
    pub(super) fn of_answer(since: Moment, timed_out: bool, failed: &Failed) -> Self {
        Self { refusal: failed.refusal.clone(), ..Self::new(since, timed_out, failed.message.clone()) }
    }

    /// When to look next; `None` when that has been done often enough.
    pub(super) fn next_lookup(&self) -> Option<Moment> {
        let last = self.timed_out.then_some(LAST_AFTER_TIME_OUT);
        LOOKUPS.into_iter().chain(last).nth(self.lookups).map(|after| Moment::from_millis(self.since) + after)
    }

    /// Counted from when the cut really was, as far as a process that began at `started` can tell at `now`: a clock
    /// may have been set while no process ran, so what was cut off before counts from then.
    fn counted(self, started: Moment, now: Moment) -> Self {
        let since = Moment::from_millis(self.since);
        let since = if since > now { started } else { since.max(started) };
        Self { since: since.millis(), ..self }
    }

    pub(super) fn to_json(&self) -> String {
        json!({ "code": ErrorCode::InDoubt.as_str(), "message": self.reason, "doubt": self }).to_string()
    }

    /// Of a step whose request was under way: as recorded, or from the moment of its intent after a crash.
    fn of(step: &Step) -> Self {
        let recorded = step.error.as_deref().and_then(|text| {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            serde_json::from_value(value.get("doubt")?.clone()).ok()
        });
        recorded.unwrap_or_else(|| {
            let sent_at = intent_of(step).and_then(|intent| intent.sent_at);
            let reason = "iHook was interrupted while this record was on its way.".to_owned();
            Self::new(Moment::from_millis(sent_at.unwrap_or(step.started_at)), false, reason)
        })
    }
}

/// Whether it is not known what became of this step.
pub(super) fn is_open(step: &Step) -> bool {
    step.intent.is_some() && matches!(step.status, Status::Running | Status::InDoubt)
}

fn intent_of(step: &Step) -> Option<Intent> {
    Intent::read(step.intent.as_deref()?)
}

/// Why this step waits for a person, if it does.
pub(super) fn held_reason(step: &Step) -> Option<String> {
    let told = |text: &str| Some(serde_json::from_str::<StepError>(text).ok()?.message);
    (step.status == Status::Held)
        .then(|| step.error.as_deref().and_then(told).unwrap_or_else(|| "A person has to decide.".to_owned()))
}

/// Leaves a step to a person, and the run with it.
pub(super) fn left_to_person(mut step: Step, reason: String) -> Aside {
    step.status = Status::Held;
    step.attempts = 0;
    step.error = Some(to_json(&StepError::new(ErrorCode::Held, reason.as_str())));
    Aside { step: Some(step), ..Aside::held(reason) }
}

impl Drive<'_> {
    /// Looks the step's record up, if the time for that has come.
    pub(super) async fn settle(&mut self, step: Step) -> Result<Settled, StoreError> {
        let doubt = Doubt::of(&step).counted(self.app.facts().started_at, self.moment());
        let Some(intent) = intent_of(&step) else {
            let reason = "iHook was interrupted while this request was on its way, and there is nothing to look it \
                          up with.";
            return Ok(Settled::person(step, reason.to_owned()));
        };
        if doubt.next_lookup().is_some_and(|at| at > self.moment()) {
            return Ok(self.look_later(step, &doubt));
        }
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => {
                let aside = self.unavailable(error)?;
                return Ok(Settled::Leave(Box::new(Aside { status: run::Status::InDoubt, ..aside })));
            }
        };
        if site.identity() != intent.site {
            let reason = format!(
                "The record was on its way to {}, and the connection points elsewhere now.",
                intent.site
            );
            return Ok(Settled::person(step, reason));
        }
        let candidates = match look_up(&site, &intent).await {
            Ok(Some(rows)) => rows,
            Ok(None) => {
                let reason = format!("iMIS has more than {MOST_ROWS} records to look through for this one.");
                return Ok(Settled::person(step, reason));
            }
            Err(failed) => return Ok(self.lookup_failed(step, &failed)),
        };
        let found = self.not_written_by_others(&intent, candidates).await?;
        if !found.is_empty() && intent.marker.is_none() && self.has_twin(&intent).await? {
            // One of them may be that other run's, which will know in a moment.
            return Ok(Self::look_at(step, &doubt, self.moment() + TWIN_PAUSE));
        }
        Ok(match found.as_slice() {
            [one] => self.adopted(step, &intent, one),
            [] => self.not_found(step, doubt),
            several => {
                let keys: Vec<_> = several.iter().map(Record::key_text).collect();
                let reason = format!(
                    "iMIS has {} records that look like this one ({}): someone has to say whether one of them is it.",
                    several.len(),
                    keys.join(", ")
                );
                Settled::person(step, reason)
            }
        })
    }

    /// Another lookup found nothing: after the last one the record is not there.
    fn not_found(&self, step: Step, doubt: Doubt) -> Settled {
        let doubt = Doubt { lookups: doubt.lookups + 1, unanswered: 0, ..doubt };
        if doubt.next_lookup().is_some() {
            return self.look_later(step, &doubt);
        }
        if let Some(words) = &doubt.refusal {
            return self.refused(step, words);
        }
        if self.has_waited_too_long() {
            let reason = format!("{} It was sent again and again, and is not there.", doubt.reason);
            return Settled::person(step, reason);
        }
        Settled::NotThere
    }

    /// The record is there: the step, done.
    fn adopted(&self, step: Step, intent: &Intent, found: &Record) -> Settled {
        let key = found.key_text();
        let output = json!({ "key": key, "memberId": intent.record.party_id, "foundAfterDoubt": true });
        Settled::Ended(Box::new(Step {
            status: Status::Succeeded,
            finished_at: Some(self.now()),
            record_key: Some(key),
            output: Some(output.to_string()),
            error: None,
            attempts: 0,
            ..step
        }))
    }

    /// The record is not there, and iMIS had said why.
    fn refused(&self, step: Step, words: &str) -> Settled {
        Settled::Ended(Box::new(Step {
            status: Status::Failed,
            finished_at: Some(self.now()),
            error: Some(to_json(&refused_with(words))),
            attempts: 0,
            ..step
        }))
    }

    /// The key of a row that was just written to a panel, whose answer does not tell it (it says ordinal 0): that
    /// of the only row like it which no other step wrote. Nothing where that cannot be told.
    pub(super) async fn key_of_new_row(
        &self,
        site: &Site,
        intent: &Intent,
    ) -> Result<Option<String>, StoreError> {
        let rows = match look_up(site, intent).await {
            Ok(rows) => rows.unwrap_or_default(),
            Err(failed) => {
                // The row is there; only undoing it from here is not possible.
                tracing::warn!(%failed, "insert.not_read_back");
                return Ok(None);
            }
        };
        let found = self.not_written_by_others(intent, rows).await?;
        Ok(match found.as_slice() {
            [one] => Some(one.key_text()).filter(|key| !key.is_empty()),
            _ => None,
        })
    }

    /// Leaves out records that other steps wrote, of this run or of others.
    async fn not_written_by_others(
        &self,
        intent: &Intent,
        rows: Vec<Record>,
    ) -> Result<Vec<Record>, StoreError> {
        // What this run has adopted a moment ago is not on disk yet.
        let own = |row: &Record| {
            let written = |step: &&Step| step.record_key.as_deref() == Some(row.key_text().as_str());
            let mut steps = self.pending.iter().filter(written);
            steps.any(|step| wrote(step.intent.as_deref(), intent))
        };
        let rows: Vec<Record> = rows.into_iter().filter(|row| !own(row)).collect();
        let wanted = intent.clone();
        let is_theirs = move |(_, theirs): &(i64, Option<String>)| wrote(theirs.as_deref(), &wanted);
        self.app
            .store()
            .read(move |database| {
                let mut left = Vec::new();
                for row in rows {
                    if !step::writers_of(database, &row.key_text())?.iter().any(&is_theirs) {
                        left.push(row);
                    }
                }
                Ok(left)
            })
            .await
    }

    /// Whether another run has just the same record under way.
    async fn has_twin(&self, intent: &Intent) -> Result<bool, StoreError> {
        let (seq, connection) = (self.run.seq, self.run.connection.clone());
        let others =
            self.app.store().read(move |database| step::under_way(database, &connection, seq)).await?;
        Ok(others.iter().any(|other| {
            Intent::read(other)
                .is_some_and(|other| other.site == intent.site && other.record == intent.record)
        }))
    }

    fn look_later(&self, step: Step, doubt: &Doubt) -> Settled {
        Self::look_at(step, doubt, doubt.next_lookup().unwrap_or_else(|| self.moment()))
    }

    fn look_at(mut step: Step, doubt: &Doubt, at: Moment) -> Settled {
        step.status = Status::InDoubt;
        step.error = Some(doubt.to_json());
        step.attempts = 0;
        Settled::Leave(Box::new(Aside {
            status: run::Status::InDoubt,
            resume_at: Some(at),
            reason: format!("{} The record may be there: looking it up.", doubt.reason),
            contact: Contact::Aside,
            step: Some(step),
            awaits: None,
        }))
    }

    /// The lookup itself failed: it is tried again, and does not count. One that never works is left to a person.
    fn lookup_failed(&self, mut step: Step, failed: &Failed) -> Settled {
        if matches!(failed.class, FailureClass::NotBuilt | FailureClass::TooLong) {
            let reason = format!("The record cannot be looked up: {}", failed.message);
            return Settled::person(step, reason);
        }
        let mut doubt = Doubt::of(&step);
        doubt.unanswered += 1;
        step.status = Status::InDoubt;
        step.error = Some(doubt.to_json());
        step.attempts = 0;
        let mut aside = self.put_off(failed, Some(step), doubt.unanswered);
        if aside.status != run::Status::Held {
            aside.status = run::Status::InDoubt;
        }
        Settled::Leave(Box::new(aside))
    }
}

impl Settled {
    fn person(step: Step, reason: String) -> Self {
        Self::Leave(Box::new(left_to_person(step, reason)))
    }
}

/// Whether a step that wrote a record of this key wrote it to the place where the intent's record goes. Sites and
/// entities number their records each for themselves. A step without an intent was taken over from the run that
/// its own repeats.
fn wrote(theirs: Option<&str>, intent: &Intent) -> bool {
    let theirs = theirs.and_then(Intent::read);
    theirs.is_none_or(|theirs| {
        theirs.site == intent.site && theirs.record.target.entity() == intent.record.target.entity()
    })
}

/// Records in iMIS that could be the one that was sent; `None` when there are too many to look through.
async fn look_up(site: &Site, intent: &Intent) -> Result<Option<Vec<Record>>, Failed> {
    let record = &intent.record;
    let page = site.client.rows(record.target.entity(), &record.filters(), MOST_ROWS).await?;
    if page.total > u64::try_from(page.records.len()).unwrap_or(u64::MAX) {
        return Ok(None);
    }
    let same = |row: &Record| match &intent.marker {
        Some((property, marker)) => row.text(property).is_some_and(|text| text.trim() == marker),
        None => record.matches(row),
    };
    Ok(Some(page.records.into_iter().filter(same).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    #[test]
    fn a_cut_counts_from_when_it_was_or_from_the_start_of_the_process_that_cannot_know() {
        let check = |since: i64, now: i64, expected: i64, why: &str| {
            let doubt = Doubt::new(at(since), false, String::new()).counted(at(1_000_000), at(now));
            assert_eq!(doubt.next_lookup(), Some(at(expected + 10_000)), "{why}");
        };
        check(1_002_000, 1_003_000, 1_002_000, "of this process");
        check(900_000, 1_000_100, 1_000_000, "of the one before, however long ago its clock says");
        check(8_000_000, 1_000_100, 1_000_000, "of the one before, whose clock was ahead");
        check(1_030_000, 1_020_000, 1_000_000, "of the one before, whose clock was a little ahead");
    }

    #[test]
    fn a_record_is_sent_again_after_a_minute_at_the_earliest_and_after_five_when_time_ran_out() {
        let check = |timed_out: bool, expected: &[u64]| {
            let mut doubt = Doubt::new(at(0), timed_out, String::new());
            let mut waits = Vec::new();
            while let Some(at_last) = doubt.next_lookup() {
                waits.push(at_last.since(at(0)).as_secs());
                doubt.lookups += 1;
            }
            assert_eq!(waits, expected);
        };
        check(false, &[10, 60]);
        check(true, &[10, 60, 300]);
    }
}
