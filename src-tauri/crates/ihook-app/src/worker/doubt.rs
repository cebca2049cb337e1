//! Settles a doubt: was the record written or not? Looks it up until that is known, or leaves it to a person.
//!
//! The rules are those of product.md section 3: lookups 10 s and 60 s after the cut, after a time-out also
//! after 5 min; with a marker field the marker decides, without one every sent field is compared and records
//! that belong to other runs do not count.

use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_imis::{Failed, Record};
use ihook_store::StoreError;
use ihook_store::run;
use ihook_store::step::{self, Status, Step};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::drive::{Aside, Contact, Drive};
use super::insert::Intent;
use super::rows::to_json;
use crate::sites::Site;

/// When the record is looked for, in milliseconds after the cut.
const LOOKUPS: [i64; 2] = [10_000, 60_000];
/// A server that timed out may still be writing.
const LAST_AFTER_TIME_OUT: i64 = 5 * 60_000;
/// Look-alikes fetched at most; more than one decides already.
const MOST_ROWS: u32 = 2000;

/// When a like record of another run is under way, the lookup is made again after this; milliseconds.
const TWIN_PAUSE: i64 = 5_000;

/// How far a doubt has come; kept in the step's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Doubt {
    /// When the request was cut off; milliseconds since 1970.
    pub(super) since: i64,
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
}

/// What became of a doubt.
pub(super) enum Settled {
    /// The record is there: the step, done.
    Adopted(Box<Step>),
    /// It certainly is not: send it again.
    NotThere,
    /// Not known yet, or for a person to decide.
    Leave(Box<Aside>),
}

impl Doubt {
    pub(super) fn new(since: i64, timed_out: bool, reason: String) -> Self {
        Self { since, timed_out, lookups: 0, unanswered: 0, reason }
    }

    /// When to look next; `None` when that has been done often enough.
    pub(super) fn next_lookup(&self) -> Option<i64> {
        let last = self.timed_out.then_some(LAST_AFTER_TIME_OUT);
        LOOKUPS.into_iter().chain(last).nth(self.lookups).map(|after| self.since + after)
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
            Self::new(sent_at.unwrap_or(step.started_at), false, reason)
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
        let doubt = Doubt::of(&step);
        let Some(intent) = intent_of(&step) else {
            let reason = "iHook was interrupted while this request was on its way, and there is nothing to look it \
                          up with.";
            return Ok(Settled::person(step, reason.to_owned()));
        };
        if doubt.next_lookup().is_some_and(|at| at > self.now()) {
            return Ok(self.look_later(step, &doubt));
        }
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => {
                let aside = Self::unavailable(error)?;
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
            return Ok(Self::look_at(step, &doubt, self.now() + TWIN_PAUSE));
        }
        Ok(match found.as_slice() {
            [one] => self.adopted(step, &intent, one),
            [] => {
                let doubt = Doubt { lookups: doubt.lookups + 1, unanswered: 0, ..doubt };
                if doubt.next_lookup().is_none() { Settled::NotThere } else { self.look_later(step, &doubt) }
            }
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

    /// The record is there: the step, done.
    fn adopted(&self, step: Step, intent: &Intent, found: &Record) -> Settled {
        let key = found.key_text();
        let output = json!({ "key": key, "memberId": intent.record.party_id, "foundAfterDoubt": true });
        Settled::Adopted(Box::new(Step {
            status: Status::Succeeded,
            finished_at: Some(self.now()),
            record_key: Some(key),
            output: Some(output.to_string()),
            error: None,
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
        Self::look_at(step, doubt, doubt.next_lookup().unwrap_or_else(|| self.now()))
    }

    fn look_at(mut step: Step, doubt: &Doubt, at: i64) -> Settled {
        step.status = Status::InDoubt;
        step.error = Some(doubt.to_json());
        step.attempts = 0;
        Settled::Leave(Box::new(Aside {
            status: run::Status::InDoubt,
            resume_at: Some(at),
            reason: format!("{} The record may be there: looking it up.", doubt.reason),
            contact: Contact::Aside,
            step: Some(step),
        }))
    }

    /// The lookup itself failed: it is tried again, and does not count.
    fn lookup_failed(&self, mut step: Step, failed: &Failed) -> Settled {
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
