//! One tag.

use super::super::ast::{Chain, Cycle, Expression, Kind};
use super::super::fault::Fault;
use super::super::lexer::Tag;
use super::{Parser, Pieces, Result};
use crate::step_error::shown;

impl Parser {
    /// What a tag does, and whether it shows nothing but blanks.
    pub(super) fn tag<'t>(&mut self, tag: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<(Kind, bool)> {
        match tag.name {
            "if" | "unless" => self.deeper(tag, |parser| parser.branches(tag, pieces)),
            "case" => self.deeper(tag, |parser| parser.case(tag, pieces)),
            "for" | "tablerow" => self.deeper(tag, |parser| parser.each(tag, pieces)),
            "capture" => self.deeper(tag, |parser| parser.capture(tag, pieces)),
            "ifchanged" => self.deeper(tag, |parser| {
                parser.takes_nothing(tag)?;
                let (body, _) = parser.block(pieces, Some(tag))?;
                Ok((Kind::IfChanged(body), false))
            }),
            "assign" => Ok((self.assign(tag)?, true)),
            "increment" | "decrement" => Ok((self.count(tag)?, false)),
            "cycle" => Ok((self.cycle(tag)?, false)),
            "echo" => Ok((Kind::Output(self.echo(tag)?), false)),
            "break" => self.takes_nothing(tag).map(|()| (Kind::Break, false)),
            "continue" => self.takes_nothing(tag).map(|()| (Kind::Continue, false)),
            name => Err(Fault::at(tag.at, format!("there is no tag {}", shown(name)))),
        }
    }

    fn takes_nothing(&mut self, tag: Tag<'_>) -> Result<()> {
        self.reader(tag.code)?.expect_end("Nothing")
    }

    fn assign(&mut self, tag: Tag<'_>) -> Result<Kind> {
        let mut reader = self.reader(tag.code)?;
        let name = reader.variable()?;
        reader.expect_symbol("=")?;
        let value = reader.chain()?;
        reader.names().own(name);
        Ok(Kind::Assign { name: name.into(), value })
    }

    fn capture<'t>(&mut self, tag: Tag<'t>, pieces: &mut Pieces<'_, 't>) -> Result<(Kind, bool)> {
        let mut reader = self.reader(tag.code)?;
        let name = reader.label()?;
        reader.expect_end("Nothing")?;
        reader.names().own(name);
        let (body, _) = self.block(pieces, Some(tag))?;
        Ok((Kind::Capture { name: name.into(), body }, true))
    }

    fn count(&mut self, tag: Tag<'_>) -> Result<Kind> {
        let mut reader = self.reader(tag.code)?;
        let name = reader.label()?;
        reader.expect_end("Nothing")?;
        reader.names().own(name);
        Ok(Kind::Count { name: name.into(), is_up: tag.name == "increment" })
    }

    fn cycle(&mut self, tag: Tag<'_>) -> Result<Kind> {
        let mut reader = self.reader(tag.code)?;
        let mark = reader.names().mark();
        let mut items = vec![reader.value()?];
        let mut group = None;
        if reader.takes_symbol(":") {
            // A plain name there is mostly a label, which no payload has.
            reader.names().forget(mark);
            group = items.pop();
            items.push(reader.value()?);
        }
        while reader.takes_symbol(",") {
            items.push(reader.value()?);
        }
        reader.expect_end("A comma")?;
        Ok(Kind::Cycle(Cycle { group, written: tag.code.body.trim().into(), items }))
    }

    /// `echo` without anything shows nothing.
    fn echo(&mut self, tag: Tag<'_>) -> Result<Chain> {
        let mut reader = self.reader(tag.code)?;
        if reader.is_done() {
            return Ok(Chain { value: Expression::Nil, filters: Vec::new() });
        }
        reader.chain()
    }
}
