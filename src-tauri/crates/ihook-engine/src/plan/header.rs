//! A header's template, in which `{{ secret.name }}` may stand: the engine never sees a secret, so it
//! leaves the place open for whoever sends the request.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::run::{HeaderPiece, value};
use crate::step_error::StepError;
use crate::template::{Scope, Template};
use crate::workflow::FileFault;

static SECRET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*secret\.([A-Za-z_][A-Za-z0-9_-]*)\s*-?\}\}").ok());

/// Templates with secrets between them.
#[derive(Debug)]
pub(crate) struct HeaderTemplate(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(Template),
    Secret(String),
}

impl HeaderTemplate {
    pub(crate) fn parse(text: &str, at: &str) -> Result<Self, FileFault> {
        let mut pieces = Vec::new();
        let mut done = 0;
        let secrets = SECRET.iter().flat_map(|pattern| pattern.captures_iter(text));
        for (whole, name) in secrets.filter_map(|found| Some((found.get(0)?, found.get(1)?))) {
            if whole.start() > done {
                pieces.push(Piece::Text(super::compile::template(&text[done..whole.start()], at)?));
            }
            pieces.push(Piece::Secret(name.as_str().to_owned()));
            done = whole.end();
        }
        if done < text.len() || pieces.is_empty() {
            pieces.push(Piece::Text(super::compile::template(&text[done..], at)?));
        }
        Ok(Self(pieces))
    }

    /// Whether rendering it may take long whatever the payload.
    pub(super) fn is_heavy(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Text(template) if template.is_heavy()))
    }

    /// The value of the header called `name`, in pieces.
    pub(crate) fn render(&self, scope: &Scope, name: &str) -> Result<Vec<HeaderPiece>, StepError> {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(template) => {
                    value(template, name, scope).map(|rendered| HeaderPiece::Text(rendered.text))
                }
                Piece::Secret(name) => Ok(HeaderPiece::Secret(name.clone())),
            })
            .collect()
    }
}

/// The secrets that the headers of a workflow file ask for, each once; of any file, also one that is not
/// complete.
pub fn secret_names(file: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    in_actions(&file["actions"], &mut names);
    names
}

fn in_actions(actions: &Value, names: &mut BTreeSet<String>) {
    for action in actions.as_array().into_iter().flatten() {
        let headers = action["headers"].as_object().into_iter().flat_map(|headers| headers.values());
        for text in headers.filter_map(Value::as_str) {
            let found = SECRET.iter().flat_map(|pattern| pattern.captures_iter(text));
            names.extend(found.filter_map(|found| Some(found.get(1)?.as_str().to_owned())));
        }
        in_actions(&action["actions"], names);
    }
}
