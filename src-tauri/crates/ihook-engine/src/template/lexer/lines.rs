//! The inside of `{% liquid %}`: a tag on every line, without braces.

use super::super::fault::Fault;
use super::{Code, Piece, Tag, is_blank, word};
use crate::step_error::shown;

/// The tags of the lines; those of a `liquid` within stand among them.
pub(super) fn tags(code: Code<'_>) -> Result<Vec<Piece<'_>>, Fault> {
    let mut tags = Vec::new();
    // A comment or doc that is open: its name, and how many of that name are open within.
    let mut hidden: Option<(Tag<'_>, u32)> = None;
    let mut at = code.at;
    for line in code.body.split('\n') {
        let tag = tag(at, line);
        at += line.len() + 1;
        let Some(tag) = tag else { continue };
        hidden = match hidden.take() {
            Some((open, depth)) => match tag.name.strip_prefix("end") {
                Some(name) if name == open.name && depth == 1 => None,
                Some(name) if name == open.name => Some((open, depth - 1)),
                _ => Some((open, depth + u32::from(tag.name == open.name))),
            },
            None if matches!(tag.name, "comment" | "doc") => Some((tag, 1)),
            None if tag.name == "raw" => {
                return Err(Fault::at(tag.at, "“raw” cannot stand within “liquid”"));
            }
            None if tag.name.is_empty() => return Err(Fault::at(tag.at, "a tag has no name")),
            None => {
                tags.push(Piece::Tag(tag));
                None
            }
        };
    }
    match hidden {
        Some((open, _)) => Err(Fault::at(open.at, format!("{} is not closed", shown(open.name)))),
        None => Ok(tags),
    }
}

/// The tag of a line; none where it is empty, a comment or a bare `liquid`.
fn tag(at: usize, line: &str) -> Option<Tag<'_>> {
    let mut rest = line.trim_start_matches(is_blank);
    let mut name = word(rest);
    while name == "liquid" {
        rest = rest[name.len()..].trim_start_matches(is_blank);
        name = word(rest);
    }
    if rest.is_empty() || rest.starts_with('#') {
        return None;
    }
    let at = at + line.len() - rest.len();
    Some(Tag {
        at,
        name,
        code: Code { at: at + name.len(), body: rest[name.len()..].trim_end_matches(is_blank) },
    })
}
