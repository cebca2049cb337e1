//! `for` and `tablerow`, with their rounds counted before the first of them runs.

use super::super::ast::{Expression, Loop, Offset, Step};
use super::super::fault::Fault;
use super::super::meter::Out;
use super::super::value::{Value, pair};
use super::{Flow, Rendering, Result};
use crate::decimal::{Decimal, Rounding};

/// One loop that runs: its variable and its counters.
pub(super) struct Frame<'r> {
    pub(super) variable: &'r str,
    pub(super) value: Value<'r>,
    name: &'r str,
    index: usize,
    length: usize,
    /// How many stand in a row of a table; none in a `for`.
    columns: Option<usize>,
}

impl<'r> Frame<'r> {
    /// The name of its counters.
    pub(super) fn counters(&self) -> &'static str {
        if self.columns.is_some() { "tablerowloop" } else { "forloop" }
    }

    /// `forloop.index` and its like.
    fn counter(&self, name: &str) -> Value<'r> {
        let (index, length) = (self.index, self.length);
        match (name, self.columns) {
            ("index", _) => Value::size(index + 1),
            ("index0", _) => Value::size(index),
            ("rindex", _) => Value::size(length - index),
            ("rindex0", _) => Value::size(length - index - 1),
            ("length", _) => Value::size(length),
            ("first", _) => Value::Bool(index == 0),
            ("last", _) => Value::Bool(index + 1 == length),
            ("name", None) => Value::text(self.name),
            ("row", Some(columns)) => Value::size(index / columns + 1),
            ("col", Some(columns)) => Value::size(index % columns + 1),
            ("col0", Some(columns)) => Value::size(index % columns),
            ("col_first", Some(columns)) => Value::Bool(index % columns == 0),
            ("col_last", Some(columns)) => Value::Bool(index % columns + 1 == columns),
            _ => Value::Nil,
        }
    }
}

impl<'r> Rendering<'r> {
    /// Follows a path from the counters of a loop, `parentloop` further out; gives the steps that are left.
    pub(super) fn counter(
        &self,
        mut number: usize,
        steps: &'r [Step],
    ) -> (Value<'r>, std::slice::Iter<'r, Step>) {
        let mut steps = steps.iter();
        loop {
            let Some(Step::Name(name)) = steps.next() else { return (Value::Nil, [].iter()) };
            if &**name != "parentloop" {
                return (self.frames[number].counter(name), steps);
            }
            let kind = self.frames[number].counters();
            match self.frames[..number].iter().rposition(|frame| frame.counters() == kind) {
                Some(outer) => number = outer,
                None => return (Value::Nil, [].iter()),
            }
        }
    }

    pub(super) fn each(&mut self, each: &'r Loop, out: &mut Out<'_>) -> Result<Flow> {
        let values = self.values(each)?.unwrap_or_default();
        if values.is_empty() {
            return self.nodes(&each.otherwise.nodes, out);
        }
        let length = values.len();
        for (index, value) in values.into_iter().enumerate() {
            if self.round(each, value, index, length, None, out)? == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    pub(super) fn table(&mut self, each: &'r Loop, out: &mut Out<'_>) -> Result<Flow> {
        let columns = self.count(each.columns.as_ref())?;
        let Some(values) = self.values(each)? else { return Ok(Flow::On) };
        let length = values.len();
        let columns = columns.filter(|count| *count > 0).unwrap_or(length.max(1));
        out.push("<tr class=\"row1\">\n")?;
        for (index, value) in values.into_iter().enumerate() {
            out.push(&format!("<td class=\"col{}\">", index % columns + 1))?;
            let flow = self.round(each, value, index, length, Some(columns), out)?;
            out.push("</td>")?;
            if flow == Flow::Break {
                break;
            }
            if (index + 1) % columns == 0 && index + 1 < length {
                out.push(&format!("</tr>\n<tr class=\"row{}\">", (index + 1) / columns + 1))?;
            }
        }
        out.push("</tr>\n")?;
        Ok(Flow::On)
    }

    /// The body of a loop once, with its variable and counters in sight.
    fn round(
        &mut self,
        each: &'r Loop,
        value: Value<'r>,
        index: usize,
        length: usize,
        columns: Option<usize>,
        out: &mut Out<'_>,
    ) -> Result<Flow> {
        let (variable, name) = (&*each.variable, &*each.name);
        self.frames.push(Frame { variable, value, name, index, length, columns });
        let flow = self.nodes(&each.body.nodes, out);
        self.frames.pop();
        flow
    }

    /// The values to go through, none at all for what is missing. Only those that will be used are made, and
    /// they are paid for first.
    fn values(&mut self, each: &'r Loop) -> Result<Option<Vec<Value<'r>>>> {
        let source = self.expression(&each.source)?;
        let limit = self.count(each.limit.as_ref())?.unwrap_or(usize::MAX);
        let offset = match &each.offset {
            None => 0,
            Some(Offset::Continue) => self.offsets.get(&*each.name).copied().unwrap_or(0),
            Some(Offset::At(offset)) => self.count(Some(offset))?.unwrap_or(0),
        };
        let length = match &source {
            Value::List(_) | Value::Object(_) | Value::Range(..) => source.length().unwrap_or(0),
            _ if source.is_missing() => return Ok(None),
            _ => return Err(Fault::new(format!("a loop needs a list, not {}", source.shown()))),
        };
        let used = length.saturating_sub(offset).min(limit);
        self.meter.iterate(used)?;
        self.offsets.insert(&each.name, offset.saturating_add(used));
        let mut values: Vec<Value<'r>> = match &source {
            Value::Object(object) => {
                self.meter.weigh(&source)?;
                object.iter().skip(offset).take(used).map(pair).collect()
            }
            Value::Range(first, last) => {
                let first = first.saturating_add(i64::try_from(offset).unwrap_or(i64::MAX));
                (first..=*last).take(used).map(Value::whole).collect()
            }
            Value::List(list) => (offset..offset + used).filter_map(|at| list.get(at)).collect(),
            _ => Vec::new(),
        };
        if each.is_reversed {
            values.reverse();
        }
        Ok(Some(values))
    }

    /// How many; what is missing says nothing, and less than none is none.
    fn count(&mut self, attribute: Option<&'r Expression>) -> Result<Option<usize>> {
        let Some(attribute) = attribute else { return Ok(None) };
        let value = self.expression(attribute)?;
        if value.is_missing() {
            return Ok(None);
        }
        let number = whole(&value);
        let number = number.ok_or_else(|| {
            Fault::new(format!("a loop's limit, offset and columns are whole numbers, not {}", value.shown()))
        })?;
        Ok(Some(usize::try_from(number.max(0)).unwrap_or(usize::MAX)))
    }
}

/// A number without its fraction.
pub(super) fn whole(value: &Value<'_>) -> Option<i64> {
    let number = value.decimal()?;
    let direction = if number.is_negative() { Rounding::Up } else { Rounding::Down };
    number.rounded(0, direction).and_then(Decimal::to_whole)
}
