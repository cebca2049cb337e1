//! Cuts a template into text, outputs and tags, with blanks taken away where a hyphen asks for it.

mod bodies;
mod lines;

use super::fault::Fault;

/// Code without its braces, its hyphens and the name of its tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code<'t> {
    /// Where it begins in the template.
    pub(super) at: usize,
    pub(super) body: &'t str,
}

impl Code<'_> {
    /// Where it ends in the template.
    pub(super) fn end(&self) -> usize {
        self.at + self.body.len()
    }
}

/// One tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'t> {
    /// Where it begins, with its braces if it has some.
    pub(super) at: usize,
    pub(super) name: &'t str,
    pub(super) code: Code<'t>,
}

/// One piece of a template. Comments leave none.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    /// The inside of `raw`.
    Raw(&'t str),
    Output(Code<'t>),
    Tag(Tag<'t>),
    /// The tags of `liquid`, which close what they open.
    Lines(Vec<Self>, usize),
}

/// The pieces of a template, and whether it holds code at all.
pub(super) fn pieces(text: &str) -> Result<(Vec<Piece<'_>>, bool), Fault> {
    let mut lexer = Lexer { text, at: 0, trims: false, pieces: Vec::new() };
    let mut has_code = false;
    while let Some(start) = lexer.next_code() {
        has_code = true;
        lexer.code(start)?;
    }
    lexer.text_to(text.len(), false);
    Ok((lexer.pieces, has_code))
}

/// Blanks as Liquid trims them; a no-break space stays.
pub(super) fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Whether the text that comes next loses the blanks at its beginning.
    trims: bool,
    pieces: Vec<Piece<'t>>,
}

impl<'t> Lexer<'t> {
    fn next_code(&self) -> Option<usize> {
        let starts = |at: &usize| self.text[*at..].starts_with("{{") || self.text[*at..].starts_with("{%");
        self.text[self.at..].match_indices('{').map(|(at, _)| self.at + at).find(starts)
    }

    /// Takes the text up to a place, which is the end or the beginning of code.
    fn text_to(&mut self, end: usize, trims_end: bool) {
        let mut text = &self.text[self.at..end];
        if self.trims {
            text = text.trim_start_matches(is_blank);
        }
        if trims_end {
            text = text.trim_end_matches(is_blank);
        }
        if !text.is_empty() {
            self.pieces.push(Piece::Text(text));
        }
        (self.at, self.trims) = (end, false);
    }

    fn code(&mut self, start: usize) -> Result<(), Fault> {
        let hyphen = self.text[start + 2..].starts_with('-');
        self.text_to(start, hyphen);
        let from = start + 2 + usize::from(hyphen);
        if self.text[start..].starts_with("{{") {
            let close = self.quoted_end(start, from, "{{", "}}")?;
            let code = self.close(from, close);
            self.pieces.push(Piece::Output(code));
            return Ok(());
        }
        let inner = self.text[from..].trim_start_matches(is_blank);
        let name_at = self.text.len() - inner.len();
        let name = if inner.starts_with('#') { "#" } else { word(inner) };
        let from = name_at + name.len();
        let close = match name {
            "" => return Err(Fault::at(start, "a tag has no name")),
            "#" | "liquid" | "raw" | "comment" | "doc" => self.first_end(start, from)?,
            _ => self.quoted_end(start, from, "{%", "%}")?,
        };
        let tag = Tag { at: start, name, code: self.close(from, close) };
        match name {
            "#" => bodies::inline_comment(tag.code),
            "raw" | "doc" => self.verbatim(tag),
            "comment" => self.comment(tag),
            "liquid" => {
                let lines = lines::tags(tag.code)?;
                self.pieces.push(Piece::Lines(lines, tag.code.end()));
                Ok(())
            }
            _ => {
                self.pieces.push(Piece::Tag(tag));
                Ok(())
            }
        }
    }

    /// The code from a place up to its closing braces, past which the lexer goes.
    fn close(&mut self, from: usize, close: usize) -> Code<'t> {
        let body = &self.text[from..close];
        let trimmed = body.strip_suffix('-');
        (self.at, self.trims) = (close + 2, trimmed.is_some());
        Code { at: from, body: trimmed.unwrap_or(body) }
    }

    /// Where code ends: at the first closing braces outside of quotes.
    fn quoted_end(&self, start: usize, from: usize, open: &str, close: &str) -> Result<usize, Fault> {
        let mut quote = None;
        for (at, c) in self.text[from..].char_indices() {
            match quote {
                Some(open) if c == open => quote = None,
                Some(_) => {}
                None if c == '\'' || c == '"' => quote = Some(c),
                None if self.text[from + at..].starts_with(close) => return Ok(from + at),
                None => {}
            }
        }
        let what = if quote.is_some() { "a quote is not closed in" } else { "is not closed:" };
        Err(Fault::at(start, format!("{what} {open} … {close}")))
    }

    /// Where a tag ends whose inside is no code.
    fn first_end(&self, start: usize, from: usize) -> Result<usize, Fault> {
        let end = self.text[from..].find("%}").map(|at| from + at);
        end.ok_or_else(|| Fault::at(start, "is not closed: {% … %}"))
    }
}

/// The name that a text begins with.
fn word(text: &str) -> &str {
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    &text[..length]
}
