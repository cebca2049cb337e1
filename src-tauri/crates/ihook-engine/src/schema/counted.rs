//! The payload as the validator sees it: every look at it is counted, whatever keyword takes it.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object};
use serde_json::{Map, Number, Value};

use super::meter::{self, spend, spend_step, spend_text};
use super::same;

/// Characters of a text that errors keep.
const KEPT: usize = 100;

/// What stands in an error for a list or an object: nobody needs a copy, for the error has its path.
static CONTAINER: Value = Value::Null;
/// What an error has that was found when there was no more room for any.
static LATE: Value = Value::Null;
/// What every value is once there is no more room: the rest is over soon.
static NOTHING: Value = Value::Null;

/// Counted JSON.
pub(super) struct Counted;

/// One value of the payload.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    value: &'a Value,
    at: Place,
}

/// How long the pointer to a value is, and how deep it stands.
#[derive(Clone, Copy, Default)]
struct Place {
    bytes: u64,
    depth: u64,
}

impl Place {
    fn below(self, step: usize) -> Self {
        Self { bytes: self.bytes + 1 + step as u64, depth: self.depth + 1 }
    }
}

impl<'a> Seen<'a> {
    /// The whole payload.
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, at: Place::default() }
    }

    /// The value itself, for a keyword of our own; not paid for.
    pub(super) fn value(self) -> &'a Value {
        self.value
    }

    fn look(self) -> &'a Value {
        spend(1);
        if meter::is_full() { &NOTHING } else { self.value }
    }
}

/// Whether an error was found when nothing counted any more.
pub(super) fn is_late(error: &jsonschema::ValidationError<'_>) -> bool {
    matches!(error.instance(), Cow::Borrowed(value) if std::ptr::eq(*value, &raw const LATE))
}

impl Json for Counted {
    type Node<'a> = Seen<'a>;
    type PreparedKey = String;
    type StringBuffer = Value;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Value, string: &str, look: impl FnOnce(Seen<'_>) -> T) -> T {
        spend_step();
        *buffer = Value::String(string.to_owned());
        look(Seen::root(buffer))
    }
}

impl<'a> Node<'a, Counted> for Seen<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        let members = self.look().as_object()?;
        Some(Members { members, at: self.at })
    }

    fn as_array(&self) -> Option<Items<'a>> {
        let items = self.look().as_array()?;
        Some(Items { items, at: self.at })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        let text = self.look().as_str()?;
        spend_text(text.len());
        Some(Cow::Borrowed(text))
    }

    fn as_number(&self) -> Option<&'a Number> {
        let number = self.look().as_number()?;
        spend(same::weight(number));
        Some(number)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.look().as_bool()
    }

    fn is_null(&self) -> bool {
        self.look().is_null()
    }

    fn is_number(&self) -> bool {
        self.look().is_number()
    }

    fn json_type(&self) -> JsonType {
        match self.look() {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        same::equal(self.look(), expected)
    }

    /// What an error keeps of the value.
    fn to_value(&self) -> Cow<'a, Value> {
        let rates = meter::rates();
        let mut bytes = rates.error + 2 * self.at.bytes + rates.level * (self.at.depth + 1);
        if rates.lists_members {
            bytes += listed(self.value);
        }
        spend(1 + self.at.bytes / 64);
        if !meter::has_room_for_error(bytes) {
            return Cow::Borrowed(&LATE);
        }
        match self.value {
            Value::Array(_) | Value::Object(_) => Cow::Borrowed(&CONTAINER),
            Value::String(text) if text.len() > KEPT => {
                Cow::Owned(Value::String(text.chars().take(KEPT).collect()))
            }
            Value::Number(number) if number.as_str().len() > KEPT => {
                Cow::Owned(Value::String(number.as_str().chars().take(KEPT).collect()))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Cow::Borrowed(self.value),
        }
    }

    fn identity(&self) -> Option<NodeIdentity> {
        spend(1);
        Some(NodeIdentity::new(std::ptr::from_ref(self.value).addr()))
    }
}

/// Bytes of an error that lists what is in the value.
fn listed(value: &Value) -> u64 {
    match value {
        Value::Array(items) => {
            spend(items.len() as u64);
            64 * items.len() as u64
        }
        Value::Object(members) => {
            spend(members.len() as u64);
            members.keys().map(|name| 24 + name.len() as u64).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// An object of the payload.
pub(super) struct Members<'a> {
    members: &'a Map<String, Value>,
    at: Place,
}

/// The members of an object, one after the other.
pub(super) struct EachMember<'a> {
    members: serde_json::map::Iter<'a>,
    at: Place,
}

impl<'a> Object<'a, Counted> for Members<'a> {
    type Node = Seen<'a>;
    type MemberName = &'a str;
    type MembersIter = EachMember<'a>;

    fn len(&self) -> usize {
        self.members.len()
    }

    fn get(&self, key: &String) -> Option<Seen<'a>> {
        spend_step();
        let value = self.members.get(key).filter(|_| !meter::is_full())?;
        Some(Seen { value, at: self.at.below(key.len()) })
    }

    fn members(&self) -> EachMember<'a> {
        EachMember { members: self.members.iter(), at: self.at }
    }
}

impl<'a> Iterator for EachMember<'a> {
    type Item = (&'a str, Seen<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        spend_step();
        spend(meter::rates().name);
        let (name, value) = self.members.next().filter(|_| !meter::is_full())?;
        spend_text(name.len());
        Some((name, Seen { value, at: self.at.below(name.len()) }))
    }
}

/// A list of the payload.
pub(super) struct Items<'a> {
    items: &'a [Value],
    at: Place,
}

/// The items of a list, one after the other.
pub(super) struct EachItem<'a> {
    items: std::slice::Iter<'a, Value>,
    at: Place,
}

impl<'a> Array<'a, Counted> for Items<'a> {
    type Node = Seen<'a>;
    type ElementsIter = EachItem<'a>;

    fn len(&self) -> usize {
        self.items.len()
    }

    fn elements(&self) -> EachItem<'a> {
        // The longest number that a list of the payload can have.
        EachItem { items: self.items.iter(), at: self.at.below(9) }
    }

    fn is_unique(&self) -> bool {
        same::are_unique(self.items)
    }
}

impl<'a> Iterator for EachItem<'a> {
    type Item = Seen<'a>;

    fn next(&mut self) -> Option<Seen<'a>> {
        spend_step();
        let value = self.items.next().filter(|_| !meter::is_full())?;
        Some(Seen { value, at: self.at })
    }
}
