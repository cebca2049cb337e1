//! Tags that hold others: branches, loops and captures.

use super::super::ast::{Arm, Block, Branch, Expression, Kind, Loop, Node, Offset, Test};
use super::super::fault::Fault;
use super::super::lexer::Tag;
use super::super::reader::Reader;
use super::{Parser, Pieces, Result};

impl Parser {
    pub(super) fn branches<'t>(&mut self, tag: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<(Kind, bool)> {
        let (mut branches, mut otherwise) = (Vec::new(), Block { nodes: Vec::new(), is_blank: true });
        let mut test = self.reader(tag.code)?.test()?;
        let mut wanted = tag.name == "if";
        loop {
            let (body, next) = self.block(pieces, Some(tag))?;
            branches.push(Branch { test, wanted, body });
            match next {
                Some(next) if next.name == "elsif" => {
                    test = self.reader(next.code)?.test()?;
                    wanted = true;
                }
                Some(next) if next.name == "else" => {
                    otherwise = self.last(tag, next, pieces)?;
                    break;
                }
                _ => break,
            }
        }
        let bodies = branches.iter_mut().map(|branch| &mut branch.body).chain([&mut otherwise]);
        let is_blank = blank(bodies);
        Ok((Kind::If { branches, otherwise }, is_blank))
    }

    /// What stands under the one `else` of a block, up to its end.
    fn last<'t>(&mut self, tag: Tag<'t>, other: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<Block> {
        if !other.code.body.trim().is_empty() {
            return Err(Fault::at(other.at, "“else” takes no condition; “elsif” does"));
        }
        let (block, end) = self.block(pieces, Some(tag))?;
        match end {
            Some(end) if !end.name.starts_with("end") => Err(Fault::at(
                end.at,
                format!("“{}” stands behind “else”, where nothing reaches it", end.name),
            )),
            _ => Ok(block),
        }
    }

    pub(super) fn case<'t>(&mut self, tag: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<(Kind, bool)> {
        let mut reader = self.reader(tag.code)?;
        let value = reader.value()?;
        reader.expect_end("Nothing")?;
        let mut arms = Vec::new();
        // What stands before the first `when` is never shown.
        let (_, mut next) = self.block(pieces, Some(tag))?;
        while let Some(arm) = next.filter(|next| !next.name.starts_with("end")) {
            let values = if arm.name == "when" { alternatives(self.reader(arm.code)?)? } else { Vec::new() };
            let (body, after) = self.block(pieces, Some(tag))?;
            arms.push(Arm { values, body });
            next = after;
        }
        let is_blank = blank(arms.iter_mut().map(|arm| &mut arm.body));
        Ok((Kind::Case { value, arms }, is_blank))
    }

    pub(super) fn each<'t>(&mut self, tag: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<(Kind, bool)> {
        let is_table = tag.name == "tablerow";
        let mut each = head(self.reader(tag.code)?, tag, is_table)?;
        let (body, next) = self.block(pieces, Some(tag))?;
        each.body = body;
        if let Some(other) = next.filter(|next| next.name == "else") {
            each.otherwise = self.last(tag, other, pieces)?;
        }
        if is_table {
            return Ok((Kind::Table(Box::new(each)), false));
        }
        let is_blank = blank([&mut each.body, &mut each.otherwise].into_iter());
        Ok((Kind::For(Box::new(each)), is_blank))
    }
}

/// Whether nothing but blanks stands in any of the bodies; if so, they lose them.
fn blank<'b>(bodies: impl Iterator<Item = &'b mut Block>) -> bool {
    let mut bodies: Vec<_> = bodies.collect();
    let is_blank = bodies.iter().all(|body| body.is_blank);
    if is_blank {
        for body in &mut bodies {
            body.nodes.retain(|node| !matches!(node.kind, Kind::Text(_)));
        }
    }
    is_blank
}

/// The values of a `when`.
fn alternatives(mut reader: Reader<'_, '_>) -> Result<Vec<Expression>> {
    let mut values = vec![reader.value()?];
    while reader.takes_symbol(",") || reader.takes_word("or") {
        values.push(reader.value()?);
    }
    reader.expect_end("“or”, a comma")?;
    Ok(values)
}

fn head<'t>(mut reader: Reader<'_, 't>, tag: Tag<'t>, is_table: bool) -> Result<Loop> {
    let variable = reader.name()?;
    reader.expect_word("in")?;
    let start = reader.here();
    let source = reader.value()?;
    let end = reader.here();
    let written =
        tag.code.body[start - tag.code.at..end - tag.code.at].trim_end_matches([' ', '\t', '\r', '\n', ',']);
    let mut each = Loop {
        variable: variable.into(),
        source,
        name: format!("{variable}-{written}").into(),
        limit: None,
        offset: None,
        columns: None,
        is_reversed: false,
        body: Block::default(),
        otherwise: Block { nodes: Vec::new(), is_blank: true },
    };
    let names = reader.names();
    names.own(variable);
    names.own("forloop");
    names.own("tablerowloop");
    while !reader.is_done() {
        if reader.takes_symbol(",") {
            continue;
        }
        if !is_table && reader.takes_word("reversed") {
            each.is_reversed = true;
        } else if reader.takes_word("limit") {
            each.limit = Some(attribute(&mut reader)?);
        } else if reader.takes_word("offset") {
            reader.expect_symbol(":")?;
            let goes_on = !is_table && reader.takes_word("continue");
            each.offset = Some(if goes_on { Offset::Continue } else { Offset::At(reader.value()?) });
        } else if is_table && reader.takes_word("cols") {
            each.columns = Some(attribute(&mut reader)?);
        } else {
            let known = if is_table {
                "“cols”, “limit” and “offset”"
            } else {
                "“limit”, “offset” and “reversed”"
            };
            return Err(Fault::at(reader.here(), format!("a loop knows {known}")));
        }
    }
    Ok(each)
}

fn attribute(reader: &mut Reader<'_, '_>) -> Result<Expression> {
    reader.expect_symbol(":")?;
    reader.value()
}

/// What shows `true` where a test holds.
pub(super) fn truth(at: usize, test: Test) -> Kind {
    let nodes = vec![Node { at, kind: Kind::Text("true".into()) }];
    let body = Block { nodes, is_blank: false };
    Kind::If { branches: vec![Branch { test, wanted: true, body }], otherwise: Block::default() }
}
