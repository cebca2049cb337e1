//! Values as a template sees them: those of the payload are borrowed, those that it makes are shared.

mod members;
mod text;

use std::cell::OnceCell;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

pub(super) use members::{Members, Object, pair};
pub(super) use text::Text;

use super::fault::Fault;
use crate::decimal::Decimal;
use crate::time::iso;

/// One value of a rendering; cheap to clone.
#[derive(Clone)]
pub(super) enum Value<'r> {
    Nil,
    Bool(bool),
    /// The digits as they were written.
    Number(Text<'r>),
    Text(Text<'r>),
    List(List<'r>),
    Object(Object<'r>),
    /// The whole numbers from the first to the last.
    Range(i64, i64),
    /// The words `empty` and `blank`, which conditions compare with.
    Empty,
    Blank,
    /// What a filter made of a time: text without an offset, which still knows its instant.
    Time(Rc<Moment>),
}

/// A time on the wall of a zone.
pub(super) struct Moment {
    pub(super) civil: DateTime,
    pub(super) zone: TimeZone,
    /// None where the zone skips what was written without an offset.
    pub(super) instant: Option<Timestamp>,
    /// Written when it is asked for.
    text: OnceCell<String>,
}

impl Moment {
    pub(super) fn new(civil: DateTime, zone: TimeZone, instant: Option<Timestamp>) -> Self {
        Self { civil, zone, instant, text: OnceCell::new() }
    }

    fn text(&self) -> &str {
        self.text.get_or_init(|| iso(self.civil))
    }
}

/// The items of a list.
#[derive(Clone)]
pub(super) enum List<'r> {
    Json(&'r [Json]),
    Made(Rc<[Value<'r>]>),
    /// What a lookup found, and how many records that are in all: more than one.
    Found(Rc<Self>, u64),
}

impl<'r> List<'r> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Made(items) => items.len(),
            Self::Found(items, _) => items.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<Value<'r>> {
        match self {
            Self::Json(items) => items.get(at).map(Value::of),
            Self::Made(items) => items.get(at).cloned(),
            Self::Found(items, _) => items.get(at),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Value<'r>> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<'r> Value<'r> {
    /// A value of the payload.
    pub(super) fn of(json: &'r Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => Self::Number(number.as_str().into()),
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Array(items) => Self::List(List::Json(items)),
            Json::Object(members) => Self::Object(Object::Json(members)),
        }
    }

    /// What a lookup that found `count` records answered: several are never taken for one.
    pub(super) fn found(json: &'r Json, count: u64) -> Self {
        match Self::of(json) {
            Self::List(list) => Self::List(List::Found(Rc::new(list), count)),
            Self::Object(Object::Json(members)) => Self::Object(Object::Found(members, count)),
            other => other,
        }
    }

    /// The same list, made out of `source`: what stands for several records still does.
    pub(super) fn found_as(self, source: &Self) -> Self {
        match (self, source) {
            (Self::List(list), Self::List(List::Found(_, count))) => {
                Self::List(List::Found(Rc::new(list), *count))
            }
            (value, _) => value,
        }
    }

    /// Refuses to take one item of what a lookup found where that is several records.
    pub(super) fn sole(&self) -> Result<(), Fault> {
        let Self::List(List::Found(_, count)) = self else { return Ok(()) };
        Err(Fault::new(format!(
            "the lookup found {count} records, and this takes one of them: look for something that only one has, or \
             choose by a field (where, find)"
        )))
    }

    /// A value that nothing else keeps.
    pub(super) fn owned(json: Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(flag) => Self::Bool(flag),
            Json::Number(number) => Self::Number(number.as_str().to_owned().into()),
            Json::String(text) => Self::Text(text.into()),
            Json::Array(items) => Self::list(items.into_iter().map(Self::owned).collect()),
            Json::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name.into(), Self::owned(value)));
                Self::Object(Object::Made(Rc::new(Members::new(members.collect()))))
            }
        }
    }

    pub(super) fn text(text: impl Into<Text<'r>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn whole(number: i64) -> Self {
        Self::Number(number.to_string().into())
    }

    pub(super) fn size(size: usize) -> Self {
        Self::Number(size.to_string().into())
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(List::Made(items.into()))
    }

    /// The value, nil where there is none.
    pub(super) fn or_nil(value: Option<Self>) -> Self {
        value.unwrap_or(Self::Nil)
    }

    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// The text of a value that is one piece; `None` for nil, lists, objects and the like.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Bool(flag) => Some(if *flag { "true" } else { "false" }),
            Self::Number(text) | Self::Text(text) => Some(text),
            Self::Time(moment) => Some(moment.text()),
            _ => None,
        }
    }

    /// Text, and what is shown like it.
    pub(super) fn as_text(&self) -> Option<&str> {
        self.scalar().filter(|_| matches!(self, Self::Text(_) | Self::Time(_)))
    }

    /// The number that a value is or reads as.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(text) | Self::Text(text) => Decimal::parse(text.trim()),
            _ => None,
        }
    }

    /// Whether nothing was given: nil, or text without anything to read.
    pub(super) fn is_missing(&self) -> bool {
        match self {
            Self::Nil | Self::Empty | Self::Blank => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// As it stands in a message.
    pub(super) fn shown(&self) -> String {
        match (self, self.scalar()) {
            (_, Some(text)) => crate::step_error::shown(text),
            (Self::List(_) | Self::Range(..), None) => "a list".to_owned(),
            (Self::Object(_), None) => "an object".to_owned(),
            (_, None) => "nothing".to_owned(),
        }
    }

    /// What stands at a name: a member, or `first`, `last` and `size` where Liquid has them.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        match self {
            Self::Object(object) => object.get(name).or_else(|| match name {
                "size" => Some(Self::size(object.len())),
                "first" => object.first(),
                _ => None,
            }),
            Self::Nil | Self::Empty | Self::Blank => None,
            _ => match name {
                "first" => self.end(true),
                "last" => self.end(false),
                "size" => self.length().map(Self::size),
                _ => None,
            },
        }
    }

    /// What stands at a name or a place, which counts from the end if it is negative.
    pub(super) fn at(&self, key: &Value<'_>) -> Option<Self> {
        match self {
            Self::List(_) | Self::Range(..) => match key.decimal().and_then(Decimal::to_whole) {
                Some(place) => self.place(place),
                None => self.member(key.as_text()?),
            },
            _ => self.member(key.scalar()?),
        }
    }

    /// An item by its place, which counts from the end if it is negative.
    pub(super) fn place(&self, place: i64) -> Option<Self> {
        let length = i64::try_from(self.length()?).ok()?;
        let place = if place < 0 { place.checked_add(length)? } else { place };
        match self {
            Self::Range(first, _) if (0..length).contains(&place) => {
                first.checked_add(place).map(Self::whole)
            }
            Self::List(list) => list.get(usize::try_from(place).ok()?),
            _ => None,
        }
    }

    /// The first or the last item or character.
    pub(super) fn end(&self, first: bool) -> Option<Self> {
        match self {
            Self::List(_) | Self::Range(..) => self.place(if first { 0 } else { -1 }),
            Self::Object(object) if first => object.first(),
            _ => {
                let text = self.as_text()?;
                let letter = if first { text.chars().next() } else { text.chars().next_back() };
                letter.map(|letter| Self::text(letter.to_string()))
            }
        }
    }

    /// How many items, members or characters there are; numbers and truth have none.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::List(list) => Some(list.len()),
            Self::Object(object) => Some(object.len()),
            Self::Range(first, last) => {
                let length =
                    last.checked_sub(*first).map_or(u64::MAX, |n| n.saturating_add(1).max(0).unsigned_abs());
                Some(usize::try_from(length).unwrap_or(usize::MAX))
            }
            _ => self.as_text().map(|text| text.chars().count()),
        }
    }
}
