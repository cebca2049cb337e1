//! Puts the pieces of a template together: which tag closes which, and what stands within.

mod blocks;
mod tags;

use super::ast::{Block, Kind, Node};
use super::fault::Fault;
use super::lexer::{self, Code, Piece, Tag};
use super::names::Names;
use super::reader::Reader;
use crate::step_error::shown;

type Result<T> = std::result::Result<T, Fault>;

/// Blocks within blocks.
const DEPTH: usize = 32;

/// A template that was read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// None: text without code.
    pub(super) nodes: Option<Vec<Node>>,
    /// The names that it reads, each as its segments.
    pub(super) names: Vec<Vec<String>>,
}

/// Reads a template.
pub(super) fn template(text: &str) -> Result<Parsed> {
    let (pieces, has_code) = lexer::pieces(text)?;
    let mut parser = Parser { names: Names::default(), depth: 0 };
    let (block, _) = parser.block(&mut Pieces::new(&pieces, text.len()), None)?;
    Ok(Parsed { nodes: has_code.then_some(block.nodes), names: parser.names.finish() })
}

/// Reads a condition without braces: a value that is shown, or else a test that shows `true`.
pub(super) fn bare(code: Code<'_>) -> Result<Parsed> {
    let node = |kind| Ok(Some(vec![Node { at: code.at, kind }]));
    let mut names = Names::default();
    let shown = Reader::new(code, &mut names)?.chain();
    let (nodes, names) = match shown {
        Ok(chain) => (node(Kind::Output(chain)), names),
        Err(fault) => {
            let mut names = Names::default();
            let test = Reader::new(code, &mut names)?.test();
            // Of the two readings the one that came further knows better what is wrong.
            let test = test.map_err(|other| if other.at >= fault.at { other } else { fault })?;
            (node(blocks::truth(code.at, test)), names)
        }
    };
    nodes.map(|nodes| Parsed { nodes, names: names.finish() })
}

/// What is still to come.
struct Pieces<'p, 't> {
    rest: std::slice::Iter<'p, Piece<'t>>,
    end: usize,
}

impl<'p, 't> Pieces<'p, 't> {
    fn new(pieces: &'p [Piece<'t>], end: usize) -> Self {
        Self { rest: pieces.iter(), end }
    }
}

struct Parser {
    names: Names,
    depth: usize,
}

impl Parser {
    fn reader<'t>(&mut self, code: Code<'t>) -> Result<Reader<'_, 't>> {
        Reader::new(code, &mut self.names)
    }

    /// What stands up to the next tag that closes or divides the block of `opener`, and that tag; without
    /// one, up to the end.
    fn block<'t>(
        &mut self,
        pieces: &mut Pieces<'_, 't>,
        opener: Option<Tag<'t>>,
    ) -> Result<(Block, Option<Tag<'t>>)> {
        let mut block = Block { nodes: Vec::new(), is_blank: true };
        while let Some(piece) = pieces.rest.next() {
            let (at, kind, is_blank) = match piece {
                Piece::Text(text) => (0, Kind::Text((*text).into()), text.chars().all(lexer::is_blank)),
                Piece::Raw(text) => (0, Kind::Text((*text).into()), false),
                Piece::Output(code) => (code.at, Kind::Output(self.reader(*code)?.chain()?), false),
                Piece::Lines(lines, end) => {
                    let (inner, _) = self.block(&mut Pieces::new(lines, *end), None)?;
                    block.is_blank &= inner.is_blank;
                    block.nodes.extend(inner.nodes);
                    continue;
                }
                Piece::Tag(tag) if divides(tag.name) => match opener {
                    Some(opener) => {
                        allowed(opener, *tag)?;
                        return Ok((block, Some(*tag)));
                    }
                    None => return Err(closes_nothing(*tag)),
                },
                Piece::Tag(tag) => {
                    let (kind, is_blank) = self.tag(*tag, pieces)?;
                    (tag.at, kind, is_blank)
                }
            };
            block.is_blank &= is_blank;
            block.nodes.push(Node { at, kind });
        }
        match opener {
            Some(opener) => {
                let what = format!("“end{0}” is missing: “{0}” is not closed", opener.name);
                Err(Fault::at(pieces.end, what))
            }
            None => Ok((block, None)),
        }
    }

    /// Goes one block deeper for as long as `within` reads.
    fn deeper<T>(&mut self, tag: Tag<'_>, within: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::at(tag.at, format!("blocks stand more than {DEPTH} deep in one another")));
        }
        let read = within(self)?;
        self.depth -= 1;
        Ok(read)
    }
}

/// Whether a tag closes a block or begins its next part.
fn divides(name: &str) -> bool {
    name.starts_with("end") || matches!(name, "else" | "elsif" | "when")
}

/// Whether a tag may close or divide the block of `opener`.
fn allowed(opener: Tag<'_>, tag: Tag<'_>) -> Result<()> {
    let fits = match tag.name {
        "else" => matches!(opener.name, "if" | "unless" | "case" | "for"),
        "elsif" => matches!(opener.name, "if" | "unless"),
        "when" => opener.name == "case",
        name => name.strip_prefix("end") == Some(opener.name),
    };
    if fits {
        return Ok(());
    }
    let what = format!("{} cannot stand here: “{}” is still open", shown(tag.name), opener.name);
    Err(Fault::at(tag.at, what))
}

fn closes_nothing(tag: Tag<'_>) -> Fault {
    let what = if tag.name.starts_with("end") { "closes nothing" } else { "stands in no block" };
    Fault::at(tag.at, format!("{} {what}", shown(tag.name)))
}
