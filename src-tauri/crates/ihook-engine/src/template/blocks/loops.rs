//! `for` and `tablerow`, with their iterations counted before the first of them runs.

use std::io::Write;

use liquid::model::{KString, ValueCow};
use liquid_core::error::{Error, Result, ResultLiquidReplaceExt};
use liquid_core::parser::{BlockElement, TagBlock, TagTokenIter, TryMatchToken};
use liquid_core::runtime::{Interrupt, InterruptRegister};
use liquid_core::{Expression, Language, Renderable, Runtime, Template, Value, ValueView};

use super::super::frame::Round;
use super::super::meter::meter;
use super::expect_value;

/// What a loop goes through.
#[derive(Debug)]
enum Source {
    List(Expression),
    Range(Expression, Expression),
}

/// The head of a loop.
#[derive(Debug)]
struct Head {
    variable: KString,
    source: Source,
    limit: Option<Expression>,
    offset: Option<Expression>,
    columns: Option<Expression>,
    reversed: bool,
}

impl Head {
    fn parse(mut arguments: TagTokenIter<'_>, table: bool) -> Result<Self> {
        let variable = arguments.expect_next("the loop's variable is missing")?.expect_identifier();
        let variable = KString::from_ref(variable.into_result_custom_msg("a plain name is expected here")?);
        arguments
            .expect_next("“in” is missing")?
            .expect_str("in")
            .into_result_custom_msg("“in” is expected here")?;
        let source = match arguments.expect_next("a list or a range is missing")?.expect_value() {
            TryMatchToken::Matches(list) => Source::List(list),
            TryMatchToken::Fails(token) => {
                let (first, last) =
                    token.expect_range().into_result_custom_msg("a list or a range is expected here")?;
                Source::Range(first, last)
            }
        };
        let mut head = Self { variable, source, limit: None, offset: None, columns: None, reversed: false };
        while let Some(token) = arguments.next() {
            match token.as_str() {
                "limit" => head.limit = Some(attribute(&mut arguments)?),
                "offset" => head.offset = Some(attribute(&mut arguments)?),
                "cols" if table => head.columns = Some(attribute(&mut arguments)?),
                "reversed" if !table => head.reversed = true,
                // Ruby's Liquid lets commas stand between these.
                "," => {}
                _ => return Err(token.raise_custom_error("a loop knows “limit”, “offset” and “reversed”")),
            }
        }
        Ok(head)
    }

    /// The values to go through. Only those that will be used are made, and they are paid for first.
    fn values<'r>(&'r self, list: &'r Items<'r>, runtime: &dyn Runtime) -> Result<Vec<ValueCow<'r>>> {
        let offset = count(self.offset.as_ref(), runtime)?.unwrap_or(0);
        let limit = count(self.limit.as_ref(), runtime)?.unwrap_or(u64::MAX);
        let used = list.len().saturating_sub(offset).min(limit);
        meter(runtime).iterate(used)?;
        let (skip, take) =
            (usize::try_from(offset).unwrap_or(usize::MAX), usize::try_from(used).unwrap_or(0));
        let mut values: Vec<ValueCow<'r>> = match list {
            Items::Range(first, last) => {
                let first = first.saturating_add(i64::try_from(offset).unwrap_or(i64::MAX));
                (first..=*last).take(take).map(|number| Value::scalar(number).into()).collect()
            }
            Items::List(value) => match (value.as_array(), value.as_object()) {
                (Some(items), _) => items.values().skip(skip).take(take).map(ValueCow::Borrowed).collect(),
                (None, Some(object)) => {
                    let pair = |(name, member): (liquid_core::model::KStringCow<'_>, &dyn ValueView)| {
                        Value::Array(vec![Value::scalar(name.into_owned()), member.to_value()]).into()
                    };
                    meter(runtime).weigh(value)?;
                    object.iter().skip(skip).take(take).map(pair).collect()
                }
                (None, None) => Vec::new(),
            },
        };
        if self.reversed {
            values.reverse();
        }
        Ok(values)
    }

    fn items<'r>(&'r self, runtime: &'r dyn Runtime) -> Result<Items<'r>> {
        match &self.source {
            Source::List(list) => {
                let list = list.evaluate(runtime)?;
                let text = list.as_view().is_scalar().then(|| list.as_view().to_kstr().into_string());
                match text {
                    Some(text) if !text.is_empty() => Err(Error::with_msg(format!(
                        "a loop needs a list, not {}",
                        crate::step_error::shown(&text)
                    ))),
                    _ => Ok(Items::List(list)),
                }
            }
            Source::Range(first, last) => {
                let whole =
                    |end: &Expression| match end.evaluate(runtime)?.as_scalar().map(|s| s.to_integer()) {
                        Some(Some(number)) => Ok(number),
                        Some(None) => Err(Error::with_msg("a range needs whole numbers")),
                        None => Ok(0),
                    };
                Ok(Items::Range(whole(first)?, whole(last)?))
            }
        }
    }
}

enum Items<'r> {
    List(ValueCow<'r>),
    Range(i64, i64),
}

impl Items<'_> {
    fn len(&self) -> u64 {
        let size = match self {
            Self::Range(first, last) => {
                return last.checked_sub(*first).map_or(u64::MAX, |n| (n + 1).max(0).unsigned_abs());
            }
            Self::List(value) => match (value.as_array(), value.as_object()) {
                (Some(items), _) => items.size(),
                (None, Some(object)) => object.size(),
                (None, None) => 0,
            },
        };
        u64::try_from(size).unwrap_or(0)
    }
}

fn attribute(arguments: &mut TagTokenIter<'_>) -> Result<Expression> {
    arguments
        .expect_next("“:” is missing")?
        .expect_str(":")
        .into_result_custom_msg("“:” is expected here")?;
    expect_value(arguments)
}

fn count(attribute: Option<&Expression>, runtime: &dyn Runtime) -> Result<Option<u64>> {
    let Some(attribute) = attribute else { return Ok(None) };
    let value = attribute.evaluate(runtime)?;
    if value.as_view().is_nil() {
        return Ok(None);
    }
    let number = value.as_view().as_scalar().and_then(|scalar| scalar.to_integer());
    let number = number.ok_or_else(|| Error::with_msg("a loop's limit and offset are whole numbers"))?;
    Ok(Some(u64::try_from(number).unwrap_or(0)))
}

#[derive(Debug)]
struct For {
    head: Head,
    body: Template,
    otherwise: Option<Template>,
}

pub(super) fn parse_for(
    arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    let head = Head::parse(arguments, false)?;
    let (mut body, mut otherwise) = (Vec::new(), None);
    while let Some(element) = block.next()? {
        match element {
            BlockElement::Tag(mut tag) if tag.name() == "else" => {
                tag.tokens().expect_nothing()?;
                otherwise = Some(Template::new(block.parse_all(language)?));
                break;
            }
            element => body.push(element.parse(&mut block, language)?),
        }
    }
    block.assert_empty();
    Ok(Box::new(For { head, body: Template::new(body), otherwise }))
}

impl Renderable for For {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let items = self.head.items(runtime)?;
        let values = self.head.values(&items, runtime)?;
        if values.is_empty() {
            return self.otherwise.as_ref().map_or(Ok(()), |template| template.render_to(writer, runtime));
        }
        for (index, value) in values.iter().enumerate() {
            let round = Round {
                around: runtime,
                variable: self.head.variable.as_str(),
                value,
                loop_name: "forloop",
                index,
                length: values.len(),
            };
            self.body.render_to(writer, &round)?;
            let interrupt = runtime.registers().get_mut::<InterruptRegister>().reset();
            if matches!(interrupt, Some(Interrupt::Break)) {
                break;
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Table {
    head: Head,
    body: Template,
}

pub(super) fn parse_table(
    arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    let head = Head::parse(arguments, true)?;
    let body = Template::new(block.parse_all(language)?);
    block.assert_empty();
    Ok(Box::new(Table { head, body }))
}

impl Renderable for Table {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let items = self.head.items(runtime)?;
        let values = self.head.values(&items, runtime)?;
        let columns =
            count(self.head.columns.as_ref(), runtime)?.and_then(|count| usize::try_from(count).ok());
        let columns = columns.filter(|count| *count > 0).unwrap_or(values.len());
        for (index, value) in values.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            let round = Round {
                around: runtime,
                variable: self.head.variable.as_str(),
                value,
                loop_name: "tablerowloop",
                index,
                length: values.len(),
            };
            if column == 0 {
                write!(writer, "<tr class=\"row{}\">", row + 1).replace("output failed")?;
            }
            write!(writer, "<td class=\"col{}\">", column + 1).replace("output failed")?;
            self.body.render_to(writer, &round)?;
            let last = column + 1 == columns || index + 1 == values.len();
            write!(writer, "</td>{}", if last { "</tr>" } else { "" }).replace("output failed")?;
            let interrupt = runtime.registers().get_mut::<InterruptRegister>().reset();
            if matches!(interrupt, Some(Interrupt::Break)) {
                break;
            }
        }
        Ok(())
    }
}
