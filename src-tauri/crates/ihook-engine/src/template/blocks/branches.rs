//! `if`, `unless` and `case`.

use std::io::Write;

use liquid_core::error::Result;
use liquid_core::parser::{BlockElement, TagBlock, TagToken, TagTokenIter, TryMatchToken};
use liquid_core::{Expression, Language, Renderable, Runtime, Template};

use super::super::compare::{self, Operator};
use super::super::meter::meter;
use super::expect_value;

/// `a and b or c`: any of the groups in which all hold. `and` binds tighter than `or`.
#[derive(Debug)]
struct Test {
    groups: Vec<Vec<Atom>>,
}

#[derive(Debug)]
struct Atom {
    left: Expression,
    right: Option<(Operator, Expression)>,
}

impl Test {
    fn parse(mut arguments: TagTokenIter<'_>) -> Result<Self> {
        let mut groups = vec![Vec::new()];
        loop {
            let left = expect_value(&mut arguments)?;
            let mut next = arguments.next();
            let operator = next.as_ref().and_then(|token| Operator::of(token.as_str()));
            let right = match operator {
                Some(operator) => {
                    let right = expect_value(&mut arguments)?;
                    next = arguments.next();
                    Some((operator, right))
                }
                None => None,
            };
            if let Some(group) = groups.last_mut() {
                group.push(Atom { left, right });
            }
            match next.as_ref().map(TagToken::as_str) {
                None => return Ok(Self { groups }),
                Some("and") => {}
                Some("or") => groups.push(Vec::new()),
                Some(_) => {
                    const EXPECTED: &str = "a comparison, “and” or “or” is expected here";
                    let fault = next.map(|token| token.raise_custom_error(EXPECTED));
                    return fault.map_or(Ok(Self { groups }), Err);
                }
            }
        }
    }

    fn holds(&self, runtime: &dyn Runtime) -> Result<bool> {
        for group in &self.groups {
            let mut all = true;
            for atom in group {
                all = all && atom.holds(runtime)?;
            }
            if all {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Atom {
    fn holds(&self, runtime: &dyn Runtime) -> Result<bool> {
        let left = self.left.evaluate(runtime)?;
        let Some((operator, right)) = &self.right else { return Ok(compare::truthy(left.as_view())) };
        let right = right.evaluate(runtime)?;
        compare::holds(left.as_view(), *operator, right.as_view(), &meter(runtime))
    }
}

/// The branches of an `if` in their order, and what stands under `else`.
#[derive(Debug)]
struct Branches {
    branches: Vec<(Test, bool, Template)>,
    otherwise: Option<Template>,
}

impl Renderable for Branches {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        for (test, wanted, body) in &self.branches {
            meter(runtime).spend(1)?;
            if test.holds(runtime)? == *wanted {
                return body.render_to(writer, runtime);
            }
        }
        self.otherwise.as_ref().map_or(Ok(()), |body| body.render_to(writer, runtime))
    }
}

pub(super) fn parse_if(
    arguments: TagTokenIter<'_>,
    block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    parse_branches(arguments, block, language, true)
}

pub(super) fn parse_unless(
    arguments: TagTokenIter<'_>,
    block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    parse_branches(arguments, block, language, false)
}

fn parse_branches(
    arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
    wanted: bool,
) -> Result<Box<dyn Renderable>> {
    let (mut test, mut wanted, mut body) = (Test::parse(arguments)?, wanted, Vec::new());
    let (mut branches, mut otherwise) = (Vec::new(), None);
    while let Some(element) = block.next()? {
        match element {
            BlockElement::Tag(tag) if tag.name() == "elsif" => {
                let next = Test::parse(tag.into_tokens())?;
                let before = std::mem::replace(&mut test, next);
                branches.push((before, wanted, Template::new(std::mem::take(&mut body))));
                wanted = true;
            }
            BlockElement::Tag(mut tag) if tag.name() == "else" => {
                tag.tokens().expect_nothing()?;
                otherwise = Some(Template::new(block.parse_all(language)?));
                break;
            }
            element => body.push(element.parse(&mut block, language)?),
        }
    }
    branches.push((test, wanted, Template::new(body)));
    block.assert_empty();
    Ok(Box::new(Branches { branches, otherwise }))
}

#[derive(Debug)]
struct Case {
    target: Expression,
    options: Vec<(Vec<Expression>, Template)>,
    otherwise: Option<Template>,
}

impl Renderable for Case {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let target = self.target.evaluate(runtime)?;
        for (values, body) in &self.options {
            for value in values {
                let value = value.evaluate(runtime)?;
                if compare::holds(target.as_view(), Operator::Equal, value.as_view(), &meter(runtime))? {
                    return body.render_to(writer, runtime);
                }
            }
        }
        self.otherwise.as_ref().map_or(Ok(()), |body| body.render_to(writer, runtime))
    }
}

pub(super) fn parse_case(
    mut arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    let target = expect_value(&mut arguments)?;
    arguments.expect_nothing()?;
    let (mut options, mut otherwise): (Vec<(Vec<Expression>, Vec<_>)>, _) = (Vec::new(), None);
    while let Some(element) = block.next()? {
        match element {
            BlockElement::Tag(tag) if tag.name() == "when" => {
                options.push((alternatives(tag.into_tokens())?, Vec::new()));
            }
            BlockElement::Tag(mut tag) if tag.name() == "else" => {
                tag.tokens().expect_nothing()?;
                otherwise = Some(Template::new(block.parse_all(language)?));
                break;
            }
            element => {
                let element = element.parse(&mut block, language)?;
                // What stands before the first `when` is never shown.
                if let Some((_, body)) = options.last_mut() {
                    body.push(element);
                }
            }
        }
    }
    block.assert_empty();
    let options = options.into_iter().map(|(values, body)| (values, Template::new(body))).collect();
    Ok(Box::new(Case { target, options, otherwise }))
}

fn alternatives(mut arguments: TagTokenIter<'_>) -> Result<Vec<Expression>> {
    let mut values = vec![expect_value(&mut arguments)?];
    while let Some(token) = arguments.next() {
        if let TryMatchToken::Fails(token) = token.expect_str("or") {
            token.expect_str(",").into_result_custom_msg("“or” or a comma is expected here")?;
        }
        values.push(expect_value(&mut arguments)?);
    }
    Ok(values)
}
