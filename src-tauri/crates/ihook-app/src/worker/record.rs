//! What driving a run puts on disk, as long as nobody decided about the run meanwhile.

use ihook_engine::run::Verdict;
use ihook_store::run::{self, RunError, Status, guard};
use ihook_store::step::{self, Step};
use ihook_store::{Connection, StoreError};

use super::drive::{Aside, Contact, Drive};
use super::rows::readable;
use crate::clock::Moment;

/// The run as this attempt left it on disk.
struct Claim {
    seq: i64,
    status: Status,
    /// This is the attempt's first change: from now on the run is under way.
    begins: bool,
    /// When the attempt began: before its first change, for a member is looked up before anything is promised.
    began: i64,
    /// How often a person had decided something when the attempt read the run; none once it is under way, for then
    /// every word about it gives it another status.
    decisions: Option<i64>,
}

impl Claim {
    /// Whether the run still stands like that. Otherwise a person decided something, and their word holds.
    fn holds(&self, tx: &Connection) -> Result<bool, StoreError> {
        if let Some(decisions) = self.decisions
            && run::get_by_seq(tx, self.seq)?.decisions != decisions
        {
            return Ok(false);
        }
        let claimed = if self.begins {
            run::start(tx, self.seq, self.status, self.began)
        } else {
            run::expect(tx, self.seq, self.status)
        };
        match claimed {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Drive<'_> {
    fn claim(&mut self) -> Claim {
        let begins = self.has_tried && !self.has_begun;
        let status = if self.has_begun { Status::Running } else { self.run.status };
        let decisions = (!self.has_begun).then_some(self.run.decisions);
        self.has_begun |= begins;
        Claim { seq: self.run.seq, status, begins, began: self.began, decisions }
    }

    /// One change: the steps that are done, `more` steps, and what `end` does with the run. If a person decided
    /// about the run meanwhile, what was done stays on record all the same, and nothing else happens.
    pub(super) async fn record<T: Send + 'static>(
        &mut self,
        more: Option<Step>,
        end: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (seq, claim, done) = (self.run.seq, self.claim(), std::mem::take(&mut self.pending));
        let was_marked = std::mem::take(&mut self.is_marked);
        let redactor = self.app.redactor();
        let done: Vec<_> = done.into_iter().map(|step| readable(step, redactor)).collect();
        let more = more.map(|step| readable(step, redactor));
        let ended = self.app.store().write_whole(move |tx| {
            let stands = claim.holds(tx)?;
            if was_marked {
                run::end_long_work(tx, seq)?;
            }
            done.iter()
                .chain(&more)
                .filter(|step| stands || step.finished_at.is_some())
                .try_for_each(|step| step::put(tx, seq, step))?;
            if stands {
                return end(tx).map(Some);
            }
            if !done.is_empty() {
                // Whoever decided did not know of this.
                run::decided(tx, seq)?;
            }
            Ok(None)
        });
        let ended = ended.await?;
        ended.ok_or_else(|| StoreError::Conflict("someone decided about the run meanwhile".to_owned()))
    }

    /// Puts what is done on disk, with `intent` as the step that is under way from now on. A program that is
    /// ending begins nothing new.
    pub(super) async fn record_intent(&mut self, intent: Step) -> Result<(), StoreError> {
        if self.app.workers().is_stopping() {
            return Err(StoreError::Stopped);
        }
        self.record(Some(intent), |_tx| Ok(())).await
    }

    pub(super) async fn finish(mut self, verdict: Verdict) -> Result<Contact, StoreError> {
        let (status, error) = match verdict {
            Verdict::Succeeded => (Status::Succeeded, None),
            Verdict::Stopped => (Status::Stopped, None),
            Verdict::Failed { action_id, error } => {
                let message = self.app.redactor().text(&error.message).into_owned();
                (Status::Failed, Some(RunError { action_id, code: error.code, message }))
            }
        };
        let (seq, began, now) = (self.run.seq, self.began, self.now());
        let holds_guard = self.guard.is_held();
        let ended = self.record(None, move |tx| {
            // Nobody waits for a run that holds nothing, which most do.
            let is_awaited = holds_guard && guard::is_awaited(tx, seq)?;
            run::finish(tx, seq, status, error.as_ref(), began, now)?;
            Ok(is_awaited)
        });
        if ended.await? {
            self.app.workers().look_again(self.app, &self.run.connection);
        }
        Ok(if self.answered { Contact::Fine } else { Contact::None })
    }

    /// Sets the run aside, with what was done so far on disk.
    pub(super) async fn leave(mut self, aside: Aside) -> Result<Contact, StoreError> {
        let Aside { status, resume_at, reason, contact, step, awaits } = aside;
        let (seq, resume_at) = (self.run.seq, resume_at.map(Moment::millis));
        let reason = self.app.redactor().text(&reason).into_owned();
        self.record(step, move |tx| match awaits {
            Some(key) => guard::wait(tx, seq, key, &reason),
            None => run::set_aside(tx, seq, status, resume_at, &reason),
        })
        .await?;
        Ok(contact)
    }

    pub(super) async fn hold(self, reason: String) -> Result<Contact, StoreError> {
        self.leave(Aside::held(reason)).await
    }
}

#[cfg(test)]
mod tests {
    use ihook_store::payload::Payload;
    use ihook_store::run::{Lane, NewRun};
    use ihook_store::{RunId, Store, WorkflowId, workflow};

    use super::*;

    #[tokio::test]
    async fn an_attempt_that_read_a_run_before_a_persons_word_writes_nothing_over_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let workflow_id = WorkflowId::new();
        let new = NewRun {
            id: RunId::new(),
            workflow_id,
            version: 1,
            connection: "sandbox".to_owned(),
            lane: Lane::Live,
            received_at: 0,
            rerun_of: None,
        };
        let written = store.write(move |tx| {
            workflow::insert(tx, workflow_id, "key", "W", 0)?;
            let payload = Payload { body: "{}".to_owned(), metadata: None };
            let seq = run::enqueue(tx, &[(&new, &payload)])?.start;
            run::set_aside(tx, seq, Status::Waiting, Some(0), "It is looked up.")?;
            let claim =
                |decisions| Claim { seq, status: Status::Waiting, begins: false, began: 0, decisions };
            assert!(claim(Some(0)).holds(tx)?);
            // The word leaves the run waiting, as it was.
            run::set_aside(tx, seq, Status::Waiting, Some(1), "Goes on after a person's word.")?;
            run::decided(tx, seq)?;
            assert!(!claim(Some(0)).holds(tx)?, "its lookup is out of date");
            assert!(claim(Some(1)).holds(tx)? && claim(None).holds(tx)?);
            Ok(())
        });
        written.await.unwrap();
    }
}
