//! HTTP requests of a workflow to other systems. What a payload says may end up in the URL, so the target is
//! checked when its name has become an address, and redirects are not followed.

mod answer;
mod ready;

use ihook_engine::run::{HeaderPiece, HttpCall, Outcome, Task};
use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_engine::workflow::FailOn;
use ihook_imis::{Access, Consequence, Exchange, Failed, Request};
use ihook_store::StoreError;
use ihook_store::step;
use serde_json::{Value, json};

use self::answer::send;
use self::ready::Ready;
use super::doubt::left_to_person;
use super::drive::{Aside, Contact, Drive, Flow};
use super::insert::step_error;
use super::rows::add_exchange;
use crate::redact::HIDDEN;

impl Drive<'_> {
    pub(super) async fn http(&mut self, task: &Task, call: &HttpCall) -> Result<Flow, StoreError> {
        let ready = match self.ready_call(call).await {
            Ok(ready) => ready,
            Err(failed) => return Ok(self.call_failed(task, Access::Read, &failed)),
        };
        let access = Access::of(&ready.method);
        let mut exchange = Exchange { request: Some(shown(&ready, call)), response: None };
        if access == Access::Write {
            let mut row = self.open_row(task, step::Status::Running);
            row.attempts = 1;
            // Nothing is looked up by it: a person reads it.
            let url = self.app.redactor().text(ready.url.as_str());
            row.intent = Some(json!({ "method": ready.method.as_str(), "url": url }).to_string());
            add_exchange(&mut row, &exchange, self.app.redactor());
            self.record_intent(row).await?;
        }
        match send(ready).await {
            Ok(answer) => {
                // Later steps and the history read the same.
                exchange.response = Some(self.app.redactor().answer(answer));
                self.note_request(task, &exchange);
                Ok(Flow::Go(judged(call, &exchange)))
            }
            Err((class, reason)) => {
                self.note_request(task, &exchange);
                let failed = Failed::new(class, reason, exchange);
                Ok(self.call_failed(task, access, &failed))
            }
        }
    }

    /// What follows where no answer came that counts.
    fn call_failed(&self, task: &Task, access: Access, failed: &Failed) -> Flow {
        match failed.consequence(access) {
            Consequence::Fail => Flow::Go(Outcome::Failed(step_error(failed))),
            Consequence::Doubt => Flow::Doubt(Box::new(self.held_call(task, failed))),
            Consequence::Wait | Consequence::Stop => {
                let row = self.open_row(task, step::Status::Waiting);
                let aside = self.put_off(failed, Some(row), self.run.attempts + 1);
                // Another system being away says nothing about iMIS.
                Flow::Leave(Box::new(Aside { contact: Contact::Aside, ..aside }))
            }
        }
    }

    /// A request that may have done something elsewhere, where nothing can be looked up: a person decides.
    fn held_call(&self, task: &Task, failed: &Failed) -> Aside {
        let mut row = self.open_row(task, step::Status::InDoubt);
        add_exchange(&mut row, &failed.exchange, self.app.redactor());
        let reason = format!(
            "{} The other system may have taken the request: look there, then decide.",
            failed.message
        );
        left_to_person(row, reason)
    }
}

fn judged(call: &HttpCall, exchange: &Exchange) -> Outcome {
    let Some(answer) = &exchange.response else { return Outcome::InDoubt };
    let fails = call.fail_on.iter().any(|on| match on {
        FailOn::ClientError => (400..500).contains(&answer.status),
        FailOn::ServerError => (500..600).contains(&answer.status),
        FailOn::Empty => answer.body.is_none(),
    });
    if fails {
        let message = match &answer.body {
            None => format!("The answer {} has no body.", answer.status),
            Some(_) => format!("The other system answered {}.", answer.status),
        };
        return Outcome::Failed(StepError::new(ErrorCode::Http, message));
    }
    let output = json!({ "statusCode": answer.status, "headers": answer.headers, "body": answer.body });
    Outcome::Done { output, record_key: None }
}

/// The request as people may see it: a header that holds a secret is hidden.
fn shown(ready: &Ready, call: &HttpCall) -> Request {
    let hidden = |pieces: &[HeaderPiece]| pieces.iter().any(|piece| matches!(piece, HeaderPiece::Secret(_)));
    let headers = call
        .headers
        .iter()
        .zip(&ready.headers)
        .map(|((name, pieces), (_, value))| {
            (name.to_lowercase(), if hidden(pieces) { HIDDEN.to_owned() } else { value.clone() })
        })
        .collect();
    let body = ready
        .body
        .as_deref()
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_not_json| Value::String(text.to_owned())));
    Request { method: ready.method.to_string(), url: ready.url.to_string(), headers, body }
}
