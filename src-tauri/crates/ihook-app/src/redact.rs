//! Takes secrets out of what is recorded or shown: hook tokens and every secret that the program knows by their
//! value, others by the name under which they come.
//!
//! One redactor serves the whole program. What goes through it: the metadata of deliveries, the reasons of refused
//! requests, requests and answers kept with steps, error texts, answers of other systems that later steps read, the
//! activity log, log lines. What does not: the payload and the values that are about to be written. They are what
//! the sender wrote and what iMIS gets, kept as evidence.

mod forms;
mod known;
mod names;
mod spans;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ihook_engine::run::Outcome;
use ihook_engine::step_error::StepError;
use ihook_imis::{Exchange, Response};
use ihook_store::token::Hash;
use serde_json::Value;

use crate::error::WireError;
use known::{Finder, Known};

/// Stands where a secret was.
pub(crate) const HIDDEN: &str = "…";

/// Knows the secrets of one program. Cheap to clone; all clones learn together.
#[derive(Clone, Default)]
pub struct Redactor(Arc<Shared>);

#[derive(Default)]
struct Shared {
    known: Mutex<Known>,
    /// Made anew with every secret that is learned, so that readers never wait.
    finder: RwLock<Arc<Finder>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Redactor")
    }
}

impl Redactor {
    /// Hides this secret from now on. Of each name the last two are hidden: what is under way may still use the one
    /// before.
    pub(crate) fn learn(&self, name: &str, secret: &str) {
        self.change(|known| known.learn(name, secret));
    }

    /// Hides the hook tokens with these hashes, in place of those before.
    pub(crate) fn learn_tokens(&self, tokens: HashSet<Hash>) {
        self.change(|known| known.set_tokens(tokens));
    }

    fn change(&self, change: impl FnOnce(&mut Known) -> bool) {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if change(&mut known) {
            let finder = Arc::new(known.finder());
            // Under the first lock: of two changes the later one must win.
            *self.0.finder.write().unwrap_or_else(PoisonError::into_inner) = finder;
        }
        drop(known);
    }

    fn finder(&self) -> Arc<Finder> {
        Arc::clone(&self.0.finder.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A text for people or programs to read: the value of a header or a query, a URL, a sentence. Also hides what
    /// stands in it under a name such as `token=`.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let finder = self.finder();
        spans::hidden(text, |bytes| {
            let mut found = finder.find(bytes);
            found.extend(finder.whole(bytes));
            found.extend(names::pairs(bytes));
            found
        })
    }

    /// The value of the header or query parameter with this name.
    pub(crate) fn named<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        // The form in which our own requests are shown says more than the mark alone.
        let is_shown = value == "Bearer …";
        if names::is_secret(name) && !is_shown { HIDDEN.into() } else { self.text(value) }
    }

    /// JSON that came from elsewhere: known secrets by their value.
    pub(crate) fn value(&self, value: Value) -> Value {
        let finder = self.finder();
        each_text(value, &|text| spans::hidden(text, |bytes| finder.find(bytes)).into_owned())
    }

    /// An answer as later steps read it: known secrets by their value. What it says under the name of a secret, a
    /// token for the next request say, is theirs to use.
    pub(crate) fn answer(&self, answer: Response) -> Response {
        let finder = self.finder();
        let hide = |text: String| spans::hidden(&text, |bytes| finder.find(bytes)).into_owned();
        let headers = answer.headers.into_iter().map(|(name, value)| (name, hide(value))).collect();
        Response { headers, body: answer.body.map(|body| self.value(body)), ..answer }
    }

    /// The text of a JSON object that is read by people, an error say.
    pub(crate) fn json(&self, text: &str) -> String {
        match serde_json::from_str(text) {
            Ok(value) => each_text(value, &|text| self.text(text).into_owned()).to_string(),
            Err(_not_json) => self.text(text).into_owned(),
        }
    }

    /// What went over the wire, as it is kept.
    pub(crate) fn exchange(&self, exchange: &Exchange) -> Exchange {
        let mut kept = exchange.clone();
        if let Some(request) = &mut kept.request {
            request.url = self.text(&request.url).into_owned();
            request.body = request.body.take().map(|body| self.value(body));
            self.headers(&mut request.headers);
        }
        if let Some(response) = &mut kept.response {
            response.body = response.body.take().map(|body| self.value(body));
            self.headers(&mut response.headers);
        }
        kept
    }

    fn headers(&self, headers: &mut std::collections::BTreeMap<String, String>) {
        for (name, value) in headers {
            *value = self.named(name, value).into_owned();
        }
    }

    /// What an effect led to, before the run goes on with it.
    pub(crate) fn outcome(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Failed(error) => Outcome::Failed(self.step_error(error)),
            done => done,
        }
    }

    fn step_error(&self, error: StepError) -> StepError {
        StepError { message: self.text(&error.message).into_owned(), ..error }
    }

    /// An error on its way out.
    pub(crate) fn wire_error(&self, error: WireError) -> WireError {
        let details = error.details.map(|details| self.value(details));
        WireError { message: self.text(&error.message).into_owned(), details, ..error }
    }
}

/// `value` with every text in it changed; the names of members too.
fn each_text(value: Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => items.into_iter().map(|item| each_text(item, change)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (change(&name), each_text(value, change))).collect()
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain,
    }
}

#[cfg(test)]
mod tests;
