//! Inserts a record: checks it, makes the intent durable, sends it, and never sends it twice without knowing.

use ihook_engine::record::{self, Field, Times};
use ihook_engine::run::{Insert, Outcome, Target as Wanted, Task};
use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_imis::{Access, Consequence, Failed, FailureClass, NewRecord, Party, Target};
use ihook_store::StoreError;
use ihook_store::run;
use ihook_store::step::{self, Step};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

use super::doubt::Doubt;
use super::drive::{Aside, Contact, Drive, Flow};
use super::rows::{add_exchange, to_json};
use crate::sites::{self, Site};

/// Types of the actions that write a record for a member.
pub(crate) const INSERTS: [&str; 2] = ["insertActivity", "insertPanelRecord"];

/// What is about to be written and where, on disk before the request leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Intent {
    /// [`Site::identity`].
    pub(crate) site: String,
    /// Everything that is sent.
    pub(crate) record: NewRecord,
    /// When it left: the milliseconds of a moment on the clock of the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sent_at: Option<i64>,
    /// The property that carries the marker, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) marker: Option<(String, String)>,
}

impl Intent {
    /// The one that was stored with a step; nothing where an earlier version's cannot be read.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A record ready to be sent, and its member where that was looked up.
type Ready = (Intent, Option<Arc<Party>>);

/// Why a record was not sent.
enum Unready {
    /// The data is at fault.
    Step(StepError),
    /// The site is.
    Site(Box<Failed>),
}

impl From<StepError> for Unready {
    fn from(error: StepError) -> Self {
        Self::Step(error)
    }
}

impl From<Failed> for Unready {
    fn from(failed: Failed) -> Self {
        Self::Site(Box::new(failed))
    }
}

impl Drive<'_> {
    pub(super) async fn insert(&mut self, task: &Task, insert: &Insert) -> Result<Flow, StoreError> {
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => return Ok(Flow::Leave(Box::new(self.unavailable(error)?))),
        };
        if let Some(elsewhere) = self.written_elsewhere(&site) {
            let reason = format!(
                "Earlier steps wrote to {elsewhere}, and the connection points elsewhere now: point it there \
                 again, then let the run go on, or cancel it."
            );
            return Ok(Flow::Leave(Box::new(Aside::held(reason))));
        }
        let (mut intent, party) = match self.ready(&site, task, insert).await {
            Ok(ready) => ready,
            Err(Unready::Step(error)) => return Ok(Flow::Go(Outcome::Failed(error))),
            Err(Unready::Site(failed)) => {
                self.note_exchange(task, &failed.exchange);
                return Ok(self.read_failed(&failed));
            }
        };
        let _place = match &site.pace {
            None => None,
            Some((cap, pace)) => tokio::select! {
                place = pace.place(self.app.clock(), *cap) => Some(place),
                () = self.app.workers().stopping() => return Err(StoreError::Stopped),
            },
        };
        intent.sent_at = Some(self.moment().millis());
        let mut row = self.open_row(task, step::Status::Running);
        row.attempts = 1;
        row.intent = Some(to_json(&intent));
        self.record_intent(row).await?;
        match site.client.insert(&intent.record).await {
            Ok(inserted) => {
                if let Some(answer) = &inserted.exchange.response {
                    site.note_answer(answer.ms);
                }
                self.note_exchange(task, &inserted.exchange);
                let key = match (&intent.record.target, inserted.key) {
                    (Target::Panel { .. }, None) => self.key_of_new_row(&site, &intent).await?,
                    (_, key) => key,
                };
                Ok(Flow::Go(done(&intent, party.as_deref(), key)))
            }
            Err(failed) => Ok(self.insert_failed(task, &failed)),
        }
    }

    /// The complete record, checked as far as it can be without sending it.
    async fn ready(&self, site: &Arc<Site>, task: &Task, insert: &Insert) -> Result<Ready, Unready> {
        let received_at = Timestamp::from_millisecond(self.run.received_at).unwrap_or(Timestamp::UNIX_EPOCH);
        let times = Times { site: &site.time, received_at };
        let mut fields = insert.fields.clone();
        if let Some(name) = &insert.marker_field {
            fields.push(Field { name: name.clone(), text: self.marker(task), template: String::new() });
        }
        let (target, typed) = match &insert.target {
            Wanted::Activity => {
                (Target::Activity, record::convert(&site.activity_columns(), &fields, &times)?)
            }
            Wanted::Panel(name) => {
                let mut panel = site.panel(name, false).await?.ok_or_else(|| sites::panel_unknown(name))?;
                sites::writable(&panel)?;
                let typed = match record::convert(&panel.columns, &fields, &times) {
                    // The panel may have got a column since it was last asked for.
                    Err(error) if error.is(ErrorCode::UnknownField) => {
                        panel = site.panel(name, true).await?.ok_or_else(|| sites::panel_unknown(name))?;
                        record::convert(&panel.columns, &fields, &times)?
                    }
                    other => other?,
                };
                (Target::panel(&panel), typed)
            }
        };
        let member_column = target.member_column();
        let member = typed.iter().find(|field| field.name.eq_ignore_ascii_case(member_column));
        let party_id = member.map(|field| field.value.to_string()).unwrap_or_default();
        let member_template = member
            .and_then(|typed| insert.fields.iter().find(|field| field.name == typed.written))
            .map(|field| field.template.clone());
        let party = self.check_member(site, &target, &party_id, insert.check_member, member_template).await?;
        let marker = insert.marker_field.as_ref().and_then(|name| {
            let typed = typed.iter().find(|field| &field.written == name)?;
            Some((typed.name.clone(), self.marker(task)))
        });
        let record = NewRecord { target, party_id, fields: typed };
        Ok((Intent { site: site.identity(), record, sent_at: None, marker }, party))
    }

    async fn check_member(
        &self,
        site: &Site,
        target: &Target,
        id: &str,
        look_up: bool,
        template: Option<String>,
    ) -> Result<Option<Arc<Party>>, Unready> {
        if target.is_standalone() {
            return Ok(None);
        }
        if id.is_empty() {
            let from = template.map(|text| format!(" (from {text})")).unwrap_or_default();
            return Err(
                StepError::new(ErrorCode::EmptyField, format!("The member ID is empty{from}.")).into()
            );
        }
        let mut party = None;
        if look_up {
            party = site.member(id, self.moment()).await?;
            if party.is_none() {
                let message = format!("iMIS has no member with ID {id}. Nothing was written.");
                return Err(StepError::new(ErrorCode::UnknownMember, message).into());
            }
        }
        if matches!(target, Target::Panel { single: true, .. }) {
            let filter = [(target.member_column().to_owned(), format!("eq:{id}"))];
            let there = site.client.rows(target.entity(), &filter, 1).await?;
            if !there.records.is_empty() {
                let message = format!(
                    "The panel {} takes one row for each member, and member {id} has one already. Nothing was \
                     written; iHook never updates.",
                    target.entity()
                );
                return Err(StepError::new(ErrorCode::PanelHasRow, message).into());
            }
        }
        Ok(party)
    }

    /// Names this step of this run in the record itself.
    fn marker(&self, task: &Task) -> String {
        format!("{}.{}", self.run.id.uuid().simple(), task.index)
    }

    /// Another site that steps of this run, or of the one it repeats, have written to.
    fn written_elsewhere(&self, site: &Site) -> Option<String> {
        let here = site.identity();
        self.written_to.iter().find(|there| **there != here).cloned()
    }

    /// A read, as on the way to an insert, failed: nothing was sent.
    pub(super) fn read_failed(&self, failed: &Failed) -> Flow {
        match failed.consequence(Access::Read) {
            Consequence::Fail => Flow::Go(Outcome::Failed(step_error(failed))),
            Consequence::Wait | Consequence::Stop | Consequence::Doubt => self.try_later(failed, None),
        }
    }

    fn insert_failed(&mut self, task: &Task, failed: &Failed) -> Flow {
        self.note_exchange(task, &failed.exchange);
        match failed.consequence(Access::Write) {
            Consequence::Fail => Flow::Go(Outcome::Failed(step_error(failed))),
            Consequence::Wait | Consequence::Stop => {
                // No longer under way: a crash from here on leaves no doubt.
                let mut row = self.open_row(task, step::Status::Waiting);
                add_exchange(&mut row, &failed.exchange, self.app.redactor());
                self.try_later(failed, Some(row))
            }
            Consequence::Doubt => {
                let row = self.open_row(task, step::Status::InDoubt);
                Flow::Doubt(Box::new(self.in_doubt(row, failed, failed.class.may_still_come())))
            }
        }
    }

    fn in_doubt(&self, mut row: Step, failed: &Failed, timed_out: bool) -> Aside {
        add_exchange(&mut row, &failed.exchange, self.app.redactor());
        let doubt = Doubt::of_answer(self.moment(), timed_out, failed);
        row.error = Some(doubt.to_json());
        Aside {
            status: run::Status::InDoubt,
            resume_at: doubt.next_lookup(),
            reason: format!("{} The record may be there: looking it up.", failed.message),
            contact: Contact::Failed { reason: failed.message.clone(), retry_after: Duration::ZERO },
            step: Some(row),
            awaits: None,
        }
    }
}

/// What the step says of a written record: its key, whose it is, and what staff should know of that member.
fn done(intent: &Intent, party: Option<&Party>, key: Option<String>) -> Outcome {
    let mut output = json!({ "key": key, "memberId": intent.record.party_id });
    if let Some(party) = party {
        output["memberName"] = json!(party.name);
        if let Some(warning) = party.warning() {
            output["warnings"] = json!([warning]);
        }
    }
    Outcome::Done { output, record_key: key }
}

/// Why a step failed for good.
pub(super) fn step_error(failed: &Failed) -> StepError {
    match failed.class {
        FailureClass::Refused => refused_with(&failed.message),
        FailureClass::NotBuilt => StepError::new(ErrorCode::NotBuilt, failed.message.as_str()),
        FailureClass::TooLong => StepError::new(ErrorCode::Limits, failed.message.as_str()),
        _ => StepError::new(ErrorCode::Http, failed.message.as_str()),
    }
}

/// The failure of a step that iMIS refused with these words.
pub(super) fn refused_with(words: &str) -> StepError {
    StepError::new(ErrorCode::Refused, format!("iMIS refused it: {words}"))
}
