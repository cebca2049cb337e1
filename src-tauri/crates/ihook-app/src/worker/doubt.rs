//! Settles a doubt: was the record written or not? Looks it up until that is known, or leaves it to a person.
//!
//! The rules are those of product.md section 3: lookups 10 s and 60 s after the cut, after a time-out also
//! after 5 min; with a marker field the marker decides, without one every sent field is compared and records
//! that belong to other runs do not count.

use ihook_imis::{Failed, Record, Target};
use ihook_store::StoreError;
use ihook_store::run;
use ihook_store::step::{self, Status, Step};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::drive::{Aside, Contact, Drive, Flow};
use super::insert::Intent;
use crate::sites::Site;

/// When the record is looked for, in milliseconds after the cut.
const LOOKUPS: [i64; 2] = [10_000, 60_000];
/// A server that timed out may still be writing.
const LAST_AFTER_TIME_OUT: i64 = 5 * 60_000;
/// Look-alikes fetched at most; more than one decides already.
const MOST_ROWS: u32 = 2000;

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
    pub(super) lookups: usize,
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
    /// When to look next; `None` when that has been done often enough.
    pub(super) fn next_lookup(&self) -> Option<i64> {
        let last = self.timed_out.then_some(LAST_AFTER_TIME_OUT);
        LOOKUPS.into_iter().chain(last).nth(self.lookups).map(|after| self.since + after)
    }

    pub(super) fn to_json(&self) -> String {
        json!({ "code": "inDoubt", "message": self.reason, "doubt": self }).to_string()
    }

    /// Of a step whose request was under way: as recorded, or from the moment of its intent after a crash.
    fn of(step: &Step) -> Self {
        let recorded = step.error.as_deref().and_then(|text| {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            serde_json::from_value(value.get("doubt")?.clone()).ok()
        });
        recorded.unwrap_or_else(|| Self {
            since: step.started_at,
            timed_out: false,
            lookups: 0,
            reason: "iHook was stopped while this record was on its way.".to_owned(),
        })
    }
}

/// Whether it is not known what became of this step.
pub(super) fn is_open(step: &Step) -> bool {
    step.intent.is_some() && matches!(step.status, Status::Running | Status::InDoubt)
}

impl Drive<'_> {
    /// Looks the step's record up, if the time for that has come.
    pub(super) async fn settle(&mut self, step: Step) -> Result<Settled, StoreError> {
        let doubt = Doubt::of(&step);
        let Some(intent) = step.intent.as_deref().and_then(|text| serde_json::from_str::<Intent>(text).ok())
        else {
            let reason = "iHook was stopped while this request was on its way, and there is nothing to look it up with.";
            return Ok(Self::left_to_person(step, reason));
        };
        if doubt.next_lookup().is_some_and(|at| at > self.now()) {
            return Ok(self.look_later(step, &doubt));
        }
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => match Self::unavailable(&error) {
                Flow::Leave(aside) => {
                    return Ok(Settled::Leave(Box::new(Aside { status: run::Status::InDoubt, ..*aside })));
                }
                Flow::Go(_) | Flow::Doubt(_) => return Ok(Self::left_to_person(step, &error.to_string())),
            },
        };
        if site.identity() != intent.site {
            let reason = format!(
                "The record was on its way to {}, and the connection points elsewhere now.",
                intent.site
            );
            return Ok(Self::left_to_person(step, &reason));
        }
        let candidates = match look_up(&site, &intent).await {
            Ok(rows) => rows,
            Err(failed) => return Ok(self.lookup_failed(step, &failed)),
        };
        let found = self.without_others(candidates).await?;
        Ok(match found.as_slice() {
            [one] => self.adopted(step, &intent, one),
            [] => {
                let doubt = Doubt { lookups: doubt.lookups + 1, ..doubt };
                if doubt.next_lookup().is_none() { Settled::NotThere } else { self.look_later(step, &doubt) }
            }
            several => {
                let keys: Vec<_> = several.iter().map(Record::key_text).collect();
                let reason = format!(
                    "iMIS has {} records that look like this one ({}): someone has to say whether one of them is it.",
                    several.len(),
                    keys.join(", ")
                );
                Self::left_to_person(step, &reason)
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

    /// Leaves out records that other runs wrote.
    async fn without_others(&self, rows: Vec<Record>) -> Result<Vec<Record>, StoreError> {
        let seq = self.run.seq;
        self.app
            .store()
            .read(move |database| {
                let mut left = Vec::new();
                for row in rows {
                    let writer = step::writer_of(database, &row.key_text())?;
                    if writer.is_none_or(|writer| writer == seq) {
                        left.push(row);
                    }
                }
                Ok(left)
            })
            .await
    }

    fn look_later(&self, mut step: Step, doubt: &Doubt) -> Settled {
        step.status = Status::InDoubt;
        step.error = Some(doubt.to_json());
        step.attempts = 0;
        Settled::Leave(Box::new(Aside {
            status: run::Status::InDoubt,
            resume_at: doubt.next_lookup().or(Some(self.now())),
            reason: format!("{} The record may be there: looking it up.", doubt.reason),
            contact: Contact::Aside,
            step: Some(step),
        }))
    }

    /// The lookup itself failed: it is tried again, and does not count.
    fn lookup_failed(&self, mut step: Step, failed: &Failed) -> Settled {
        step.status = Status::InDoubt;
        step.error = Some(Doubt::of(&step).to_json());
        step.attempts = 0;
        match self.try_later(failed, Some(step)) {
            Flow::Leave(aside) => Settled::Leave(Box::new(Aside { status: run::Status::InDoubt, ..*aside })),
            Flow::Go(_) | Flow::Doubt(_) => Settled::NotThere,
        }
    }

    fn left_to_person(mut step: Step, reason: &str) -> Settled {
        step.status = Status::Held;
        step.attempts = 0;
        Settled::Leave(Box::new(Aside {
            status: run::Status::Held,
            resume_at: None,
            reason: reason.to_owned(),
            contact: Contact::Aside,
            step: Some(step),
        }))
    }
}

/// Records in iMIS that could be the one that was sent.
async fn look_up(site: &Site, intent: &Intent) -> Result<Vec<Record>, Failed> {
    let record = &intent.record;
    let mut filters = Vec::new();
    if !record.party_id.is_empty() {
        filters.push((record.target.member_column().to_owned(), record.party_id.clone()));
    }
    if record.target == Target::Activity
        && let Some(kind) = record.fields.iter().find(|field| field.name == "ACTIVITY_TYPE")
    {
        filters.push((kind.name.clone(), kind.value.to_string()));
    }
    let page = site.client.rows(record.target.entity(), &filters, MOST_ROWS).await?;
    let same = |row: &Record| match &intent.marker {
        Some((property, marker)) => row.text(property).is_some_and(|text| text.trim() == marker),
        None => record.matches(row),
    };
    Ok(page.records.into_iter().filter(same).collect())
}
