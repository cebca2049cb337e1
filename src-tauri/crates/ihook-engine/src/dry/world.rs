//! What stands in for everything outside: what the run that was got there.

use serde_json::json;

use crate::record::{self, Column, Field, Times};
use crate::run::{Effect, HeaderPiece, HttpCall, Insert, Outcome, StepResult, StepStatus, Target, Task};
use crate::step_error::StepError;

/// What stands in for everything outside.
pub(super) struct World<'a, C> {
    pub(super) times: Times<'a>,
    pub(super) recorded: &'a [StepResult],
    pub(super) columns: C,
}

impl<C: Fn(&Target) -> Result<Option<Vec<Column>>, StepError>> World<'_, C> {
    /// What comes of the task, where that is known, and what it would have sent.
    pub(super) fn answer(&self, task: &Task) -> (Option<Outcome>, Vec<(String, String)>) {
        match &task.effect {
            Effect::Insert(insert) => {
                let (outcome, fields) = self.insert(task, insert);
                (Some(outcome), fields)
            }
            Effect::Http(call) => (self.read(task), http_fields(call)),
            Effect::ImisGet { path, query } => {
                let mut fields = vec![("path".to_owned(), path.clone())];
                fields.extend(query.iter().cloned());
                (self.read(task), fields)
            }
            Effect::CountLike { fields, .. } => (self.read(task), as_rendered(fields)),
            Effect::Notify { title, message } => {
                let output = json!({ "title": title, "message": message });
                let fields =
                    vec![("title".to_owned(), title.clone()), ("message".to_owned(), message.clone())];
                (Some(Outcome::Done { output, record_key: None }), fields)
            }
        }
    }

    fn insert(&self, task: &Task, insert: &Insert) -> (Outcome, Vec<(String, String)>) {
        let typed = (self.columns)(&insert.target).and_then(|columns| {
            columns.map(|columns| record::convert(&columns, &insert.fields, &self.times)).transpose()
        });
        let fields = match typed {
            Err(error) => return (Outcome::Failed(error), as_rendered(&insert.fields)),
            Ok(None) => as_rendered(&insert.fields),
            Ok(Some(typed)) => {
                typed.into_iter().map(|field| (field.written, field.value.to_string())).collect()
            }
        };
        // Later steps may use the key that the record got.
        let output = self.step(task).and_then(|step| step.output.clone());
        let output = output.unwrap_or_else(|| json!({ "key": null }));
        (Outcome::Done { output, record_key: None }, fields)
    }

    /// What the same action got when it really ran.
    fn read(&self, task: &Task) -> Option<Outcome> {
        let step = self.step(task)?;
        match (step.status, &step.error) {
            (StepStatus::Succeeded, _) => {
                Some(Outcome::Done { output: step.output.clone().unwrap_or_default(), record_key: None })
            }
            (StepStatus::Failed, Some(error)) => Some(Outcome::Failed(error.clone())),
            (StepStatus::Failed, None) | (StepStatus::Skipped, _) => None,
        }
    }

    fn step(&self, task: &Task) -> Option<&StepResult> {
        let same = |step: &&StepResult| {
            step.action_id == task.action_id && step.item == task.item && step.type_name == task.type_name
        };
        self.recorded.iter().find(same)
    }
}

fn as_rendered(fields: &[Field]) -> Vec<(String, String)> {
    fields.iter().map(|field| (field.name.clone(), field.text.clone())).collect()
}

fn http_fields(call: &HttpCall) -> Vec<(String, String)> {
    let mut fields = vec![("method".to_owned(), call.method.clone()), ("url".to_owned(), call.url.clone())];
    for (name, pieces) in &call.headers {
        let text = pieces.iter().map(|piece| match piece {
            HeaderPiece::Text(text) => text.clone(),
            HeaderPiece::Secret(name) => format!("(the secret {name})"),
        });
        fields.push((name.clone(), text.collect()));
    }
    fields.extend(call.body.iter().map(|body| ("body".to_owned(), body.clone())));
    fields
}
