//! One JSON Schema Validation, its schema compiled now or, where it holds template code, in the run.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::texts::{self, JsonTemplate};
use super::weight::Weight;
use crate::run::Pipeline;
use crate::schema::{Schema, Violation, Violations, subject};
use crate::step_error::{ErrorCode, StepError};
use crate::template::Scope;
use crate::workflow::FileFault;

/// The most violations that a message lists; the rest is counted.
const NAMED: usize = 3;

#[derive(Debug)]
pub(crate) struct Validation {
    source: Source,
    path: Option<String>,
    strict: bool,
}

#[derive(Debug)]
enum Source {
    Fixed(Schema),
    Rendered(JsonTemplate),
}

impl Validation {
    pub(crate) fn compile(
        schema: &Value,
        path: Option<&str>,
        strict: bool,
        at: &str,
    ) -> Result<Self, FileFault> {
        let source = if texts::has_code(schema) {
            Source::Rendered(JsonTemplate::parse(schema, at)?)
        } else {
            Source::Fixed(Schema::compile(schema, strict).map_err(|fault| FileFault::at(at, fault))?)
        };
        Ok(Self { source, path: path.map(str::to_owned), strict })
    }

    /// Whether the schema has no template code.
    pub(super) fn is_fixed(&self) -> bool {
        matches!(self.source, Source::Fixed(_))
    }

    /// What judging may cost; a schema that is made in the run may be any.
    pub(super) fn weight(&self) -> Weight {
        match &self.source {
            Source::Fixed(schema) if !schema.is_heavy() => Weight::of_schema(schema.size()),
            Source::Fixed(_) | Source::Rendered(_) => Weight::HEAVY,
        }
    }

    /// Judges a payload by a fixed schema; one with template code passes.
    pub(super) fn judge_payload(&self, payload: &Value) -> Option<StepError> {
        let Source::Fixed(schema) = &self.source else { return None };
        self.judge_by(schema, payload, |path| payload.pointer(path))
    }

    /// Judges a run: the payload as it was delivered, or the part of the pipeline object that the path
    /// names. The whole is the payload alone, so that the check before the answer and the one in the run
    /// agree, whatever metadata and outputs stand beside it by then.
    pub(crate) fn judge(&self, pipeline: &Pipeline) -> Option<StepError> {
        self.judge_in(pipeline.scope(), pipeline.payload(), |path| pipeline.pointer(path))
    }

    /// The same, where there is no run: `part` finds a JSON pointer in what would be its pipeline object.
    pub(crate) fn judge_in<'a>(
        &self,
        scope: &Scope,
        payload: &Value,
        part: impl FnOnce(&str) -> Option<&'a Value>,
    ) -> Option<StepError> {
        match self.schema(scope) {
            Ok(schema) => self.judge_by(&schema, payload, part),
            Err(error) => Some(error),
        }
    }

    fn judge_by<'a>(
        &self,
        schema: &Schema,
        payload: &Value,
        part: impl FnOnce(&str) -> Option<&'a Value>,
    ) -> Option<StepError> {
        match &self.path {
            None => failure(schema.violations(payload)),
            Some(path) => judge_part(schema, part(path), path),
        }
    }

    /// What stands under the Output Property.
    pub(crate) fn output(error: Option<&StepError>) -> Value {
        let mut output = json!({ "valid": error.is_none(), "errors": Self::errors(error) });
        if let Some(more) = error.map(|error| error.more).filter(|more| *more > 0) {
            output["more"] = json!(more);
        }
        output
    }

    /// What stands under the Error Property.
    pub(crate) fn errors(error: Option<&StepError>) -> Value {
        let violations = error.map_or(&[][..], |error| &error.violations);
        violations
            .iter()
            .map(|found| json!({"path": found.path, "keyword": found.keyword, "message": found.message}))
            .collect()
    }

    fn schema(&self, scope: &Scope) -> Result<Cow<'_, Schema>, StepError> {
        let template = match &self.source {
            Source::Fixed(schema) => return Ok(Cow::Borrowed(schema)),
            Source::Rendered(template) => template,
        };
        let rendered = template.render(scope).map_err(|fault| StepError::new(ErrorCode::Template, fault))?;
        match Schema::compile(&rendered, self.strict) {
            Ok(schema) => Ok(Cow::Owned(schema)),
            Err(fault) => Err(StepError::new(ErrorCode::Schema, fault)),
        }
    }
}

fn judge_part(schema: &Schema, part: Option<&Value>, path: &str) -> Option<StepError> {
    failure(match part {
        Some(part) => schema.violations_below(path, part),
        None => {
            let message = format!("{} is missing.", subject(path));
            Violations::one(Violation { path: path.to_owned(), keyword: "required".to_owned(), message })
        }
    })
}

fn failure(violations: Violations) -> Option<StepError> {
    if violations.is_empty() {
        return None;
    }
    let code = if violations.is_too_costly() { ErrorCode::TooCostly } else { ErrorCode::Schema };
    let Violations { list, more, is_least, .. } = violations;
    let named: Vec<&str> = list.iter().take(NAMED).map(|found| found.message.as_str()).collect();
    let mut message = named.join(" ");
    let unnamed = u64::from(more) + list.len().saturating_sub(NAMED) as u64;
    if unnamed > 0 {
        let least = if is_least { "at least " } else { "" };
        message = format!("{message} And {least}{unnamed} more.");
    }
    Some(StepError { violations: list, more, ..StepError::new(code, message) })
}
