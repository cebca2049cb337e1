//! Reading the members of one JSON object, refusing those that nobody asked for.

use serde_json::{Map, Value};

use super::FileFault;

/// One object of the file. Every member is asked for by name; [`Members::finish`] refuses the rest.
/// A member that is `null` counts as absent.
pub(super) struct Members<'a> {
    path: String,
    map: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

/// A key as one step of a JSON pointer (RFC 6901).
pub(crate) fn pointer_step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The items of an optional list with their paths.
pub(super) fn list<'a>(value: Option<&'a Value>, path: &str) -> Result<Vec<(String, &'a Value)>, FileFault> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            Ok(items.iter().enumerate().map(|(at, item)| (format!("{path}/{at}"), item)).collect())
        }
        Some(other) => Err(FileFault::at(path, format!("This must be a list, not {}.", kind(other)))),
    }
}

/// What a value is, in plain words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty (null)",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl<'a> Members<'a> {
    pub(super) fn of(value: &'a Value, path: String, what: &str) -> Result<Self, FileFault> {
        match value {
            Value::Object(map) => Ok(Self { path, map, known: Vec::new() }),
            other => Err(FileFault::at(path, format!("{what} must be an object, not {}.", kind(other)))),
        }
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        format!("{}/{}", self.path, pointer_step(name))
    }

    pub(super) fn missing(&self, name: &str) -> FileFault {
        FileFault::at(self.path_of(name), format!("\"{name}\" is missing."))
    }

    pub(super) fn fault(&self, name: &str, message: impl Into<String>) -> FileFault {
        FileFault::at(self.path_of(name), message)
    }

    fn wrong(&self, name: &str, wanted: &str, got: &Value) -> FileFault {
        self.fault(name, format!("\"{name}\" must be {wanted}, not {}.", kind(got)))
    }

    pub(super) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<&'a str>, FileFault> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "text", other)),
        }
    }

    /// Text that counts as absent when blank, as the editor leaves it.
    pub(super) fn filled(&mut self, name: &'static str) -> Result<Option<&'a str>, FileFault> {
        Ok(self.text(name)?.filter(|text| !text.trim().is_empty()))
    }

    pub(super) fn required_text(&mut self, name: &'static str) -> Result<&'a str, FileFault> {
        match self.filled(name)? {
            Some(text) => Ok(text),
            None => Err(self.missing(name)),
        }
    }

    pub(super) fn flag(&mut self, name: &'static str, default: bool) -> Result<bool, FileFault> {
        match self.value(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.wrong(name, "true or false", other)),
        }
    }

    /// A whole number within bounds.
    pub(super) fn whole(&mut self, name: &'static str, min: u64, max: u64) -> Result<Option<u64>, FileFault> {
        let Some(value) = self.value(name) else { return Ok(None) };
        match value.as_u64() {
            Some(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(self.fault(name, format!("\"{name}\" must be a whole number from {min} to {max}."))),
        }
    }

    /// Names and templates, in the order written. Numbers and booleans are taken as their text.
    pub(super) fn templates(&mut self, name: &'static str) -> Result<Vec<(String, String)>, FileFault> {
        let map = match self.value(name) {
            None => return Ok(Vec::new()),
            Some(Value::Object(map)) => map,
            Some(other) => return Err(self.wrong(name, "an object", other)),
        };
        let mut pairs = Vec::with_capacity(map.len());
        for (key, value) in map {
            let path = format!("{}/{}", self.path_of(name), pointer_step(key));
            if key.trim().is_empty() {
                return Err(FileFault::at(path, "A name must not be blank."));
            }
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                Value::Null => String::new(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(FileFault::at(path, format!("\"{key}\" must be text, not {}.", kind(value))));
                }
            };
            pairs.push((key.clone(), text));
        }
        Ok(pairs)
    }

    pub(super) fn texts(&mut self, name: &'static str) -> Result<Vec<(String, &'a str)>, FileFault> {
        let path = self.path_of(name);
        let mut texts = Vec::new();
        for (path, item) in list(self.value(name), &path)? {
            match item {
                Value::String(text) => texts.push((path, text.as_str())),
                other => return Err(FileFault::at(path, format!("This must be text, not {}.", kind(other)))),
            }
        }
        Ok(texts)
    }

    /// Refuses every member that was not asked for.
    pub(super) fn finish(self) -> Result<(), FileFault> {
        for key in self.map.keys() {
            if !self.known.contains(&key.as_str()) {
                let message = format!("\"{key}\" is not known here; known are {}.", self.known.join(", "));
                return Err(FileFault::at(format!("{}/{}", self.path, pointer_step(key)), message));
            }
        }
        Ok(())
    }
}
