//! The filters: those of the `liquid` crate where they only rewrite text, ours elsewhere.

mod dates;
mod encoding;
mod json;
mod lists;
mod numbers;
mod order;
mod select;
mod standard;
mod text;

use std::fmt;

use super::fault::Fault;
use super::meter::{ITERATIONS, Meter, text_of};
use super::scope::Facts;
use super::value::{Text, Value};

type Result<T> = std::result::Result<T, Fault>;

/// What a filter does.
type Run = for<'r> fn(&Call<'_, 'r>) -> Result<Value<'r>>;

/// A filter: its name, how many arguments it takes, which named ones, and what it does.
pub(super) struct Filter {
    pub(super) name: &'static str,
    pub(super) arguments: (usize, usize),
    pub(super) named: &'static [&'static str],
    /// Whether the input is copied or read through, and so has to be paid for and within bounds.
    pub(super) weighs: bool,
    pub(super) run: Run,
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn filter(name: &'static str, least: usize, most: usize, run: Run) -> Filter {
    Filter { name, arguments: (least, most), named: &[], weighs: true, run }
}

/// Every filter that there is.
pub(super) fn all() -> impl Iterator<Item = &'static Filter> {
    let tables: [&'static [Filter]; 9] = [
        text::FILTERS,
        lists::FILTERS,
        order::FILTERS,
        select::FILTERS,
        numbers::FILTERS,
        dates::FILTERS,
        json::FILTERS,
        encoding::FILTERS,
        standard::FILTERS,
    ];
    tables.into_iter().flatten()
}

/// The filter of that name.
pub(super) fn named(name: &str) -> Option<&'static Filter> {
    all().find(|filter| filter.name == name)
}

/// One call of a filter; its arguments are as many as it takes.
pub(super) struct Call<'c, 'r> {
    pub(super) filter: &'static Filter,
    pub(super) input: Value<'r>,
    pub(super) arguments: Vec<Value<'r>>,
    pub(super) named: Vec<(&'r str, Value<'r>)>,
    pub(super) meter: &'c Meter,
    pub(super) facts: &'r Facts,
}

impl<'r> Call<'_, 'r> {
    fn fault(&self, what: impl fmt::Display) -> Fault {
        Fault::new(format!("the filter “{}” {what}", self.filter.name))
    }

    /// The input as text.
    fn text(&self) -> Result<Text<'r>> {
        self.text_of(&self.input)
    }

    /// A value that the filter reads as one piece of text.
    fn text_of(&self, value: &Value<'r>) -> Result<Text<'r>> {
        self.meter.note(value);
        text_of(value, self.meter)
    }

    fn argument(&self, at: usize) -> Option<&Value<'r>> {
        self.arguments.get(at)
    }

    /// An argument as text; none was given, or nil counts as no letters.
    fn argument_text(&self, at: usize) -> Result<Option<Text<'r>>> {
        self.argument(at).map(|value| self.text_of(value)).transpose()
    }

    /// A whole number among the arguments.
    fn whole(&self, at: usize) -> Result<Option<i64>> {
        let Some(value) = self.argument(at) else { return Ok(None) };
        match value.decimal().and_then(crate::decimal::Decimal::to_whole).filter(|_| !is_fraction(value)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.fault(format!("needs a whole number, not {}", value.shown()))),
        }
    }

    /// The items of the input, those of lists within it among them; anything else is the one item that it
    /// is, and what is missing has none.
    fn items(&self) -> Result<Vec<Value<'r>>> {
        let mut items = Vec::new();
        match &self.input {
            Value::Nil | Value::Empty | Value::Blank => {}
            input => self.flatten(input, &mut items)?,
        }
        Ok(items)
    }

    /// Adds the items of a list, or the one value that it is.
    fn flatten(&self, value: &Value<'r>, items: &mut Vec<Value<'r>>) -> Result<()> {
        match value {
            Value::List(list) => list.iter().try_for_each(|item| self.flatten(&item, items)),
            Value::Range(first, last) => {
                self.counted(value.length().unwrap_or(usize::MAX))?;
                items.extend((*first..=*last).map(Value::whole));
                Ok(())
            }
            _ => {
                items.push(value.clone());
                self.meter.spend(1)
            }
        }
    }

    /// Refuses more items than are made out of one value.
    fn counted(&self, items: usize) -> Result<()> {
        if items > ITERATIONS as usize {
            return Err(self.fault(format!("gives more than {ITERATIONS} items")));
        }
        self.meter.spend_bytes(items)
    }

    /// What an item has at a property; nothing has nothing.
    fn property(&self, item: &Value<'r>, property: &Value<'r>) -> Result<Value<'r>> {
        match (item, property) {
            (Value::Object(object), Value::Text(name)) => Ok(Value::or_nil(object.get(name))),
            (Value::Object(_) | Value::Nil, _) => Ok(Value::Nil),
            _ => Err(self.fault(format!(
                "needs objects to take {} from, not {}",
                property.shown(),
                item.shown()
            ))),
        }
    }
}

/// Whether a value is written with a fraction, as `4.0` is.
fn is_fraction(value: &Value<'_>) -> bool {
    value.scalar().is_some_and(|text| text.contains(['.', 'e', 'E']))
}
