//! The payload as templates see it: unknown names are nil at every depth, numbers keep their digits.

use std::fmt;
use std::sync::Arc;

use liquid::model::{ArrayView, DisplayCow, KStringCow, ObjectView, ScalarCow, State};
use liquid::model::{Value, ValueView};
use serde_json::{Map, Number};

/// One JSON value; cheap to clone.
#[derive(Clone)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Digits),
    Text(Arc<str>),
    List(Arc<Vec<Self>>),
    Object(Arc<Members>),
}

/// What every unknown name gives.
pub(super) static NULL: Node = Node::Null;

/// A number with the digits it was written with.
#[derive(Clone)]
pub(super) struct Digits {
    text: Arc<str>,
    exact: Exact,
}

/// What Liquid calculates with. `12.50` and what no machine number holds exactly stay text, so that no
/// filter that copies a value can drop a digit.
#[derive(Clone, Copy)]
enum Exact {
    Whole(i64),
    Fraction(f64),
    Text,
}

/// The members of an object in their order, and that order by name for finding one.
#[derive(Clone, Default)]
pub(super) struct Members {
    list: Vec<(Arc<str>, Node)>,
    by_name: Vec<u32>,
}

impl Members {
    fn of(members: &Map<String, serde_json::Value>) -> Self {
        let list: Vec<(Arc<str>, Node)> =
            members.iter().map(|(name, value)| (Arc::from(name.as_str()), Node::of(value))).collect();
        let mut by_name: Vec<u32> = (0..).take(list.len()).collect();
        by_name.sort_unstable_by(|a, b| (*list[*a as usize].0).cmp(&*list[*b as usize].0));
        Self { list, by_name }
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.by_name.binary_search_by(|at| (*self.list[*at as usize].0).cmp(name))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let place = self.place(name).ok()?;
        self.list.get(self.by_name[place] as usize).map(|(_, node)| node)
    }

    /// Adds a member, or puts a new value in the place of the old one.
    pub(super) fn set(&mut self, name: &str, node: Node) {
        match self.place(name) {
            Ok(place) => self.list[self.by_name[place] as usize].1 = node,
            Err(place) => {
                if let Ok(at) = u32::try_from(self.list.len()) {
                    self.list.push((name.into(), node));
                    self.by_name.insert(place, at);
                }
            }
        }
    }
}

impl Node {
    pub(super) fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Bool(*flag),
            serde_json::Value::Number(number) => Self::Number(Digits::of(number)),
            serde_json::Value::String(text) => Self::Text(text.as_str().into()),
            serde_json::Value::Array(items) => Self::List(Arc::new(items.iter().map(Self::of).collect())),
            serde_json::Value::Object(members) => Self::object(members),
        }
    }

    pub(super) fn object(members: &Map<String, serde_json::Value>) -> Self {
        Self::Object(Arc::new(Members::of(members)))
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    fn members(&self) -> &[(Arc<str>, Self)] {
        if let Self::Object(members) = self { &members.list } else { &[] }
    }

    fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }
}

impl Digits {
    fn of(number: &Number) -> Self {
        let text = number.to_string();
        let whole = text.parse::<i64>().ok().filter(|whole| whole.to_string() == text).map(Exact::Whole);
        let fraction = || text.parse::<f64>().ok().filter(|f| f.to_string() == text).map(Exact::Fraction);
        let exact = whole.or_else(fraction).unwrap_or(Exact::Text);
        Self { text: text.into(), exact }
    }

    fn scalar(&self) -> ScalarCow<'_> {
        match self.exact {
            Exact::Whole(number) => ScalarCow::new(number),
            Exact::Fraction(number) => ScalarCow::new(number),
            Exact::Text => ScalarCow::new(&*self.text),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_json(self, f)
    }
}

/// The node as JSON, for objects in text and for messages.
struct Json<'a>(&'a Node);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_json(self.0, f)
    }
}

/// A list in text: its items one after the other, as Liquid has it; objects within as JSON.
struct Items<'a>(&'a [Node]);

impl fmt::Display for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|item| write!(f, "{}", item.render()))
    }
}

/// Writes any value as JSON, numbers with their digits.
pub(super) fn write_json(value: &dyn ValueView, f: &mut dyn fmt::Write) -> fmt::Result {
    if value.is_nil() {
        return f.write_str("null");
    }
    if let Some(list) = value.as_array() {
        f.write_char('[')?;
        for (at, item) in list.values().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            write_json(item, f)?;
        }
        return f.write_char(']');
    }
    if let Some(object) = value.as_object() {
        f.write_char('{')?;
        for (at, (name, member)) in object.iter().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            write_text(name.as_str(), f)?;
            f.write_char(':')?;
            write_json(member, f)?;
        }
        return f.write_char('}');
    }
    match value.type_name() {
        NUMBER | "whole number" | "boolean" => write!(f, "{}", value.render()),
        "fractional number" => match value.to_kstr().as_str() {
            "NaN" | "inf" | "-inf" => f.write_str("null"),
            digits => f.write_str(digits),
        },
        _ => write_text(value.to_kstr().as_str(), f),
    }
}

const NUMBER: &str = "number";

fn write_text(text: &str, f: &mut dyn fmt::Write) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl ValueView for Node {
    fn as_debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn render(&self) -> DisplayCow<'_> {
        match self {
            Self::Null => DisplayCow::Borrowed(&""),
            Self::Bool(flag) => DisplayCow::Borrowed(flag),
            Self::Number(digits) => DisplayCow::Borrowed(&digits.text),
            Self::Text(text) => DisplayCow::Borrowed(text),
            Self::List(items) => DisplayCow::Owned(Box::new(Items(items))),
            Self::Object(_) => self.source(),
        }
    }

    fn source(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(Json(self)))
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "nil",
            Self::Bool(_) => "boolean",
            Self::Number(_) => NUMBER,
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }

    fn query_state(&self, state: State) -> bool {
        let (truthy, empty, blank) = match self {
            Self::Null => (false, true, true),
            Self::Bool(flag) => (*flag, !flag, !flag),
            Self::Number(_) => (true, false, false),
            Self::Text(text) => (true, text.is_empty(), text.trim().is_empty()),
            Self::List(items) => (true, items.is_empty(), items.is_empty()),
            Self::Object(members) => (true, members.list.is_empty(), members.list.is_empty()),
        };
        match state {
            State::Truthy => truthy,
            State::DefaultValue => empty,
            State::Empty => empty && !matches!(self, Self::Bool(_)),
            State::Blank => blank,
        }
    }

    fn to_kstr(&self) -> KStringCow<'_> {
        match self {
            Self::Null => KStringCow::from_static(""),
            Self::Number(digits) => KStringCow::from_ref(&digits.text),
            Self::Text(text) => KStringCow::from_ref(text),
            _ => KStringCow::from_string(self.render().to_string()),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Nil,
            Self::Bool(flag) => Value::scalar(*flag),
            Self::Number(digits) => Value::Scalar(digits.scalar().into_owned()),
            Self::Text(text) => Value::scalar(text.to_string()),
            Self::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Object(members) => Value::Object(
                members.list.iter().map(|(k, v)| (k.to_string().into(), v.to_value())).collect(),
            ),
        }
    }

    fn as_scalar(&self) -> Option<ScalarCow<'_>> {
        match self {
            Self::Bool(flag) => Some(ScalarCow::new(*flag)),
            Self::Number(digits) => Some(digits.scalar()),
            Self::Text(text) => Some(ScalarCow::new(&**text)),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    // Nil is also a list without items, so that what is missing loops, joins and counts like an empty one.
    fn as_array(&self) -> Option<&dyn ArrayView> {
        matches!(self, Self::List(_) | Self::Null).then_some(self)
    }

    fn as_object(&self) -> Option<&dyn ObjectView> {
        matches!(self, Self::Object(_)).then_some(self)
    }

    fn is_nil(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl ArrayView for Node {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        i64::try_from(self.items().len()).unwrap_or(i64::MAX)
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(self.items().iter().map(|item| item as &dyn ValueView))
    }

    fn contains_key(&self, index: i64) -> bool {
        ArrayView::get(self, index).is_some()
    }

    fn get(&self, index: i64) -> Option<&dyn ValueView> {
        let index = if index < 0 { index + ArrayView::size(self) } else { index };
        let item = self.items().get(usize::try_from(index).ok()?)?;
        Some(item)
    }
}

impl ObjectView for Node {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        i64::try_from(self.members().len()).unwrap_or(i64::MAX)
    }

    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(self.members().iter().map(|(name, _)| KStringCow::from_ref(name)))
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(self.members().iter().map(|(_, node)| node as &dyn ValueView))
    }

    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        Box::new(
            self.members().iter().map(|(name, node)| (KStringCow::from_ref(name), node as &dyn ValueView)),
        )
    }

    fn contains_key(&self, name: &str) -> bool {
        ObjectView::get(self, name).is_some()
    }

    fn get<'s>(&'s self, name: &str) -> Option<&'s dyn ValueView> {
        let Self::Object(members) = self else { return None };
        members.get(name).map(|node| node as &dyn ValueView)
    }
}
