//! Reads back what the store keeps as JSON text. What cannot be read is said: taken for nothing, a damaged payload
//! would run as an empty one.

use ihook_engine::json;
use ihook_store::payload;
use ihook_store::step::Step;
use serde_json::{Map, Value};

use crate::error::{Code, WireError};

/// What a run received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The pipeline object that it starts from.
    pub(crate) payload: Map<String, Value>,
    /// What is known of the request.
    pub(crate) metadata: Option<Value>,
}

/// Why something stored cannot be used: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<Unreadable> for WireError {
    fn from(unreadable: Unreadable) -> Self {
        Self::new(Code::Conflict, unreadable.0)
    }
}

impl Unreadable {
    fn of(what: &str, error: &serde_json::Error) -> Self {
        Self(format!(
            "{what} cannot be read any more ({error}): it was changed or damaged outside iHook, and nothing is run \
             or written on a guess."
        ))
    }
}

/// The payload of a run with what is known of its request.
pub(crate) fn received(kept: &payload::Payload) -> Result<Received, Unreadable> {
    // Read as it was received, which takes less memory; what an earlier version took counts all the same.
    let payload = json::parse_object(kept.body.as_bytes()).or_else(|_| serde_json::from_str(&kept.body));
    let metadata = kept.metadata.as_deref().map(serde_json::from_str).transpose();
    Ok(Received {
        payload: payload.map_err(|error| Unreadable::of("The stored payload", &error))?,
        metadata: metadata.map_err(|error| Unreadable::of("What was stored of the request", &error))?,
    })
}

/// Makes sure that what finished steps made and why they failed can be read, for whoever goes on from there.
pub(crate) fn check_steps(steps: &[Step]) -> Result<(), Unreadable> {
    for step in steps {
        for text in [&step.output, &step.error].into_iter().flatten() {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| {
                Unreadable::of(&format!("What is stored of the step \"{}\"", step.name), &error)
            })?;
        }
    }
    Ok(())
}

/// A workflow file as one version keeps it.
pub(crate) fn file(text: &str, version: u32) -> Result<Value, Unreadable> {
    serde_json::from_str(text)
        .map_err(|error| Unreadable::of(&format!("The file of version {version}"), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_damaged_is_taken_for_an_empty_object() {
        let check = |body: &str, metadata: Option<&str>, expected: Result<usize, &str>| {
            let kept = payload::Payload { body: body.to_owned(), metadata: metadata.map(str::to_owned) };
            match (received(&kept), expected) {
                (Ok(found), Ok(members)) => assert_eq!(found.payload.len(), members, "{body}"),
                (Err(why), Err(words)) => assert!(why.0.contains(words), "{why}"),
                (found, _) => panic!("{body} {metadata:?}: {found:?}"),
            }
        };
        check(r#"{"a":1}"#, None, Ok(1));
        check("{}", Some(r#"{"method":"POST"}"#), Ok(0));
        check(r#"{"a":"#, None, Err("The stored payload cannot be read"));
        check("", None, Err("stored payload"));
        check("[1]", None, Err("stored payload"));
        check("null", None, Err("stored payload"));
        check("{}", Some("{"), Err("of the request"));
    }

    #[test]
    fn a_step_that_cannot_be_read_is_named() {
        let step = |output: &str| Step {
            output: Some(output.to_owned()),
            ..Step::begun(0, "a", "notify", "Tell the desk", 0)
        };
        assert_eq!(check_steps(&[step("{}"), Step::begun(1, "b", "notify", "B", 0)]), Ok(()));
        assert!(check_steps(&[step("{")]).is_err_and(|why| why.0.contains("Tell the desk")));
    }
}
