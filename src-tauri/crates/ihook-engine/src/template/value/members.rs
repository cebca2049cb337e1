//! The members of an object, always in the order in which they came.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::super::Scope;
use super::{Text, Value};

/// An object of the payload, the pipeline object, or one that the template made.
#[derive(Clone)]
pub(in super::super) enum Object<'r> {
    Json(&'r Map<String, Json>),
    /// A part of what a lookup answered that found so many records: more than one.
    Found(&'r Map<String, Json>, u64),
    /// The pipeline object: the payload and what lies over it.
    Pipeline(&'r Scope),
    Made(Rc<Members<'r>>),
}

/// The members of an object that the template made.
pub(in super::super) struct Members<'r> {
    list: Vec<(Text<'r>, Value<'r>)>,
    places: HashMap<Text<'r>, usize>,
}

impl<'r> Members<'r> {
    pub(in super::super) fn new(list: Vec<(Text<'r>, Value<'r>)>) -> Self {
        let places = list.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
        Self { list, places }
    }
}

impl<'r> Object<'r> {
    pub(in super::super) fn len(&self) -> usize {
        match self {
            Self::Json(members) | Self::Found(members, _) => members.len(),
            Self::Pipeline(scope) => scope.len(),
            Self::Made(members) => members.list.len(),
        }
    }

    pub(in super::super) fn get(&self, name: &str) -> Option<Value<'r>> {
        match self {
            Self::Json(members) => members.get(name).map(Value::of),
            Self::Found(members, count) => members.get(name).map(|value| Value::found(value, *count)),
            Self::Pipeline(scope) => scope.member(name),
            Self::Made(members) => {
                members.list.get(*members.places.get(name)?).map(|(_, value)| value.clone())
            }
        }
    }

    pub(in super::super) fn iter(&self) -> Box<dyn Iterator<Item = (Text<'r>, Value<'r>)> + '_> {
        match self {
            Self::Json(members) | Self::Found(members, _) => {
                Box::new(members.iter().map(|(name, value)| (name.as_str().into(), Value::of(value))))
            }
            Self::Pipeline(scope) => Box::new(scope.members()),
            Self::Made(members) => Box::new(members.list.iter().cloned()),
        }
    }

    /// The first member as a pair of its name and its value.
    pub(in super::super) fn first(&self) -> Option<Value<'r>> {
        self.iter().next().map(pair)
    }
}

/// A member as loops see it: a list of its name and its value.
pub(in super::super) fn pair<'r>((name, value): (Text<'r>, Value<'r>)) -> Value<'r> {
    Value::list(vec![Value::Text(name), value])
}
