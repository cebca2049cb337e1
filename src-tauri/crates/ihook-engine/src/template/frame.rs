//! How names are found while a template renders; an unknown one is nil, never an error.

use std::cell::RefCell;

use liquid::model::{KString, KStringCow, KStringRef, Object, ScalarCow, ValueCow};
use liquid_core::error::Result;
use liquid_core::runtime::{PartialStore, Registers};
use liquid_core::{Error, Runtime, Value, ValueView};

use super::meter::{Slot, meter};
use super::node::NULL;
use super::scope::Scope;

/// A root that stands for "the name that follows": the grammar reads `emptySeats` as the word `empty`, so
/// such names are given to it as `__named.emptySeats`.
pub(super) const NAMED: &str = "__named";

/// The bottom of a rendering: the scope, with the template's own variables in front of it.
pub(super) struct Frame<'s> {
    scope: &'s Scope,
    assigned: RefCell<Object>,
    counters: RefCell<Object>,
    registers: Registers,
}

impl<'s> Frame<'s> {
    pub(super) fn new(scope: &'s Scope) -> Self {
        let registers = Registers::default();
        registers.get_mut::<Slot>().facts = Some(scope.facts.clone());
        Self { scope, assigned: RefCell::default(), counters: RefCell::default(), registers }
    }
}

impl Runtime for Frame<'_> {
    fn partials(&self) -> &dyn PartialStore {
        &NoPartials
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        None
    }

    fn roots(&self) -> std::collections::BTreeSet<KStringCow<'_>> {
        std::collections::BTreeSet::new()
    }

    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.get(path).ok()
    }

    fn get(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>> {
        let meter = meter(self);
        meter.spend(1)?;
        let Some((root, rest)) = plain(path).split_first() else { return Ok(ValueCow::Borrowed(&NULL)) };
        let root = root.to_kstr();
        let assigned = self.assigned.borrow();
        if let Some(value) = assigned.get(root.as_str()) {
            let found = find(ValueCow::Borrowed(value), rest);
            meter.weigh(found.as_view())?;
            return Ok(ValueCow::Owned(found.into_owned()));
        }
        let node = self.scope.root(root.as_str()).unwrap_or(&NULL);
        Ok(find(ValueCow::Borrowed(node), rest))
    }

    fn set_global(&self, name: KString, value: Value) -> Option<Value> {
        // A fault stays on the meter, which ends the rendering.
        let meter = meter(self);
        let room = meter.weigh(&value).and_then(|weight| meter.store(weight));
        room.ok().and_then(|()| self.assigned.borrow_mut().insert(name, value))
    }

    fn set_index(&self, name: KString, value: Value) -> Option<Value> {
        self.counters.borrow_mut().insert(name, value)
    }

    fn get_index<'a>(&'a self, name: &str) -> Option<ValueCow<'a>> {
        self.counters.borrow().get(name).map(|value| ValueCow::Owned(value.clone()))
    }

    fn registers(&self) -> &Registers {
        &self.registers
    }
}

/// One round of a loop: its variable and its counters, in front of what lies around.
pub(super) struct Round<'r> {
    pub(super) around: &'r dyn Runtime,
    pub(super) variable: &'r str,
    pub(super) value: &'r ValueCow<'r>,
    /// `forloop` or `tablerowloop`.
    pub(super) loop_name: &'static str,
    pub(super) index: usize,
    pub(super) length: usize,
}

impl Round<'_> {
    /// `forloop.index` and its like; `parentloop` is the same name one loop further out.
    fn counter(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>> {
        let name = path.first().map(ValueView::to_kstr);
        let number = |n: usize| Value::scalar(i64::try_from(n).unwrap_or(i64::MAX));
        let value = match name.as_deref() {
            Some("index") => number(self.index + 1),
            Some("index0") => number(self.index),
            Some("rindex") => number(self.length - self.index),
            Some("rindex0") => number(self.length - self.index - 1),
            Some("length") => number(self.length),
            Some("first") => Value::scalar(self.index == 0),
            Some("last") => Value::scalar(self.index + 1 == self.length),
            Some("parentloop") => {
                let outer: Vec<_> = std::iter::once(ScalarCow::new(self.loop_name))
                    .chain(path[1..].iter().cloned())
                    .collect();
                return self.around.get(&outer).map(|value| ValueCow::Owned(value.into_owned()));
            }
            _ => Value::Nil,
        };
        Ok(ValueCow::Owned(value))
    }
}

impl Runtime for Round<'_> {
    fn partials(&self) -> &dyn PartialStore {
        self.around.partials()
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        None
    }

    fn roots(&self) -> std::collections::BTreeSet<KStringCow<'_>> {
        std::collections::BTreeSet::new()
    }

    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.get(path).ok()
    }

    fn get(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>> {
        let Some((root, rest)) = plain(path).split_first() else { return Ok(ValueCow::Borrowed(&NULL)) };
        let root = root.to_kstr();
        if root.as_str() == self.variable {
            meter(self).spend(1)?;
            return Ok(find(ValueCow::Borrowed(self.value.as_view()), rest));
        }
        if root.as_str() == self.loop_name {
            meter(self).spend(1)?;
            return self.counter(rest);
        }
        self.around.get(path)
    }

    fn set_global(&self, name: KString, value: Value) -> Option<Value> {
        self.around.set_global(name, value)
    }

    fn set_index(&self, name: KString, value: Value) -> Option<Value> {
        self.around.set_index(name, value)
    }

    fn get_index<'a>(&'a self, name: &str) -> Option<ValueCow<'a>> {
        self.around.get_index(name)
    }

    fn registers(&self) -> &Registers {
        self.around.registers()
    }
}

fn plain<'p, 's>(path: &'p [ScalarCow<'s>]) -> &'p [ScalarCow<'s>] {
    match path.first() {
        Some(root) if path.len() > 1 && root.to_kstr().as_str() == NAMED => &path[1..],
        _ => path,
    }
}

/// Follows a path into a value; nil where it leads nowhere.
fn find<'v>(value: ValueCow<'v>, path: &[ScalarCow<'_>]) -> ValueCow<'v> {
    path.iter().fold(value, |value, key| match value {
        ValueCow::Borrowed(view) => step(view, key).unwrap_or(ValueCow::Borrowed(&NULL)),
        ValueCow::Owned(value) => step(&value, key).map_or(Value::Nil, ValueCow::into_owned).into(),
    })
}

/// Whether a path of names leads to something within a value.
pub(super) fn leads_to<S: AsRef<str>>(value: &dyn ValueView, path: &[S]) -> bool {
    let Some((name, rest)) = path.split_first() else { return true };
    let name = name.as_ref();
    let key = name.parse::<i64>().map_or_else(|_| ScalarCow::new(name), ScalarCow::new);
    match step(value, &key) {
        Some(ValueCow::Borrowed(inner)) => leads_to(inner, rest),
        Some(ValueCow::Owned(inner)) => leads_to(&inner, rest),
        None => false,
    }
}

/// A member, an item (counted from the end if negative), `first`, `last` or `size`.
fn step<'v>(value: &'v dyn ValueView, key: &ScalarCow<'_>) -> Option<ValueCow<'v>> {
    let count = |size: i64| Some(ValueCow::Owned(Value::scalar(size)));
    let name = key.to_kstr();
    if let Some(object) = value.as_object() {
        let member = object.get(name.as_str()).map(ValueCow::Borrowed);
        return member.or_else(|| (name.as_str() == "size").then(|| count(object.size()))?);
    }
    if value.is_nil() {
        return None;
    }
    if let Some(list) = value.as_array() {
        return match (key.to_integer(), name.as_str()) {
            (Some(index), _) => list.get(index).map(ValueCow::Borrowed),
            (None, "first") => list.first().map(ValueCow::Borrowed),
            (None, "last") => list.last().map(ValueCow::Borrowed),
            (None, "size") => count(list.size()),
            _ => None,
        };
    }
    let text = value.as_scalar().filter(|_| name.as_str() == "size")?;
    count(i64::try_from(text.to_kstr().chars().count()).ok()?)
}

/// Templates include no others.
#[derive(Debug)]
struct NoPartials;

impl PartialStore for NoPartials {
    fn contains(&self, _name: &str) -> bool {
        false
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn try_get(&self, _name: &str) -> Option<std::sync::Arc<dyn liquid_core::Renderable>> {
        None
    }

    fn get(&self, _name: &str) -> Result<std::sync::Arc<dyn liquid_core::Renderable>> {
        Err(Error::with_msg("a template includes no others"))
    }
}
