//! Tags whose inside is no code: `raw`, `doc`, `comment` and `#`.

use super::super::fault::Fault;
use super::{Code, Lexer, Piece, Tag, is_blank, word};
use crate::step_error::shown;

/// A closing tag in the text.
struct Closing {
    at: usize,
    end: usize,
    trims_before: bool,
    trims_after: bool,
}

/// Every line of `{% # … %}` begins with a hash, so that what was code before it was commented out is seen.
pub(super) fn inline_comment(code: Code<'_>) -> Result<(), Fault> {
    let mut at = code.at;
    for (number, line) in code.body.split('\n').enumerate() {
        let rest = line.trim_start_matches(is_blank);
        if number > 0 && !rest.is_empty() && !rest.starts_with('#') {
            let place = at + line.len() - rest.len();
            return Err(Fault::at(place, "every line of a comment begins with #"));
        }
        at += line.len() + 1;
    }
    Ok(())
}

impl Lexer<'_> {
    /// `raw` shows its inside as it stands, `doc` nothing.
    pub(super) fn verbatim(&mut self, tag: Tag<'_>) -> Result<(), Fault> {
        if !tag.code.body.trim().is_empty() {
            return Err(Fault::at(tag.at, format!("{} takes nothing", shown(tag.name))));
        }
        let closing = self.closing(self.at, tag.name).ok_or_else(|| not_closed(tag))?;
        let mut body = &self.text[self.at..closing.at];
        if self.trims {
            body = body.trim_start_matches(is_blank);
        }
        if closing.trims_before {
            body = body.trim_end_matches(is_blank);
        }
        if tag.name == "raw" && !body.is_empty() {
            self.pieces.push(Piece::Raw(body));
        }
        (self.at, self.trims) = (closing.end, closing.trims_after);
        Ok(())
    }

    /// Comments may stand in one another, and `raw` hides what is in it.
    pub(super) fn comment(&mut self, tag: Tag<'_>) -> Result<(), Fault> {
        let mut depth = 1_u32;
        let mut at = self.at;
        while let Some(start) = self.text[at..].find("{%").map(|found| at + found) {
            let end = self.text[start + 2..].find("%}").ok_or_else(|| not_closed(tag))? + start + 2;
            let inner = self.text[start + 2..end].trim_start_matches('-').trim_start();
            at = end + 2;
            match word(inner) {
                "comment" => depth += 1,
                "endcomment" => depth -= 1,
                "raw" => at = self.closing(at, "raw").map_or(at, |closing| closing.end),
                _ => {}
            }
            if depth == 0 {
                (self.at, self.trims) = (at, inner.ends_with('-'));
                return Ok(());
            }
        }
        Err(not_closed(tag))
    }

    /// The next closing tag of this name.
    fn closing(&self, from: usize, name: &str) -> Option<Closing> {
        self.text[from..].match_indices("{%").find_map(|(found, _)| {
            let at = from + found;
            let inner = &self.text[at + 2..];
            let hyphen = inner.strip_prefix('-');
            let rest = hyphen.unwrap_or(inner).trim_start().strip_prefix("end")?.strip_prefix(name)?;
            let rest = rest.trim_start();
            let after = rest.strip_prefix('-');
            let rest = after.unwrap_or(rest).strip_prefix("%}")?;
            Some(Closing {
                at,
                end: self.text.len() - rest.len(),
                trims_before: hyphen.is_some(),
                trims_after: after.is_some(),
            })
        })
    }
}

fn not_closed(tag: Tag<'_>) -> Fault {
    Fault::at(tag.at, format!("{} is not closed", shown(tag.name)))
}
