//! A violation in words that staff and senders can act on.

use std::io;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::{Violation, meter};
use crate::workflow::pointer_step;

/// Bytes of a path that is shown; the names in a payload can be as long as the payload.
const MAX_PATH: usize = 400;

/// Tells of the errors of one validation.
pub(super) struct Sentences<'a> {
    /// What was judged.
    pub(super) root: &'a Value,
    /// The pointer to it in the whole payload, with which every path begins.
    pub(super) base: &'a str,
}

impl<'a> Sentences<'a> {
    /// One error of the validator as the violations it stands for: one per unexpected member.
    pub(super) fn violations<'e>(
        &'e self,
        error: &'e ValidationError<'_>,
    ) -> Box<dyn Iterator<Item = Violation> + 'e> {
        use ValidationErrorKind as Kind;
        match error.kind() {
            Kind::Required { property } => {
                let member = property.as_str().map_or_else(|| property.to_string(), str::to_owned);
                let path = self.path_to(error, Some(&member));
                let message = format!("{} is missing.", subject(&path));
                Box::new(std::iter::once(Violation { message, path, keyword: keyword_of(error).to_owned() }))
            }
            _ => match self.unexpected(error) {
                Some(names) => Box::new(names.map(|name| {
                    let path = self.path_to(error, Some(name));
                    let message = format!("{} is not expected here.", subject(&path));
                    Violation { path, keyword: keyword_of(error).to_owned(), message }
                })),
                None => {
                    let path = self.path_to(error, None);
                    let message = format!("{} {}", subject(&path), self.predicate(error));
                    Box::new(std::iter::once(Violation {
                        path,
                        keyword: keyword_of(error).to_owned(),
                        message,
                    }))
                }
            },
        }
    }

    /// How many violations an error stands for.
    pub(super) fn count(&self, error: &ValidationError<'_>) -> usize {
        self.unexpected(error).map_or(1, Iterator::count)
    }

    fn unexpected<'e>(
        &'e self,
        error: &'e ValidationError<'_>,
    ) -> Option<Box<dyn Iterator<Item = &'e str> + 'e>> {
        use ValidationErrorKind as Kind;
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                Some(Box::new(unexpected.iter().map(String::as_str)))
            }
            // Without any `properties` the validator names neither the keyword nor the member.
            Kind::FalseSchema if is_closed_object(error) => {
                let members = self.root.pointer(error.instance_path().as_str()).and_then(Value::as_object);
                Some(Box::new(members.into_iter().flat_map(|map| map.keys().map(String::as_str))))
            }
            _ => None,
        }
    }

    fn path_to(&self, error: &ValidationError<'_>, member: Option<&str>) -> String {
        let mut path = format!("{}{}", self.base, error.instance_path().as_str());
        if let Some(member) = member {
            path.push('/');
            path.push_str(&pointer_step(member));
        }
        if path.len() > MAX_PATH {
            // Both ends tell most: where it is in the payload, and what is there.
            let start = path.floor_char_boundary(MAX_PATH / 2);
            let end = path.ceil_char_boundary(path.len() - MAX_PATH / 2);
            path.replace_range(start..end, "…");
        }
        path
    }

    /// The value at fault: errors carry no lists and objects along.
    fn value<'e>(&'e self, error: &'e ValidationError<'_>) -> &'e Value {
        self.root.pointer(error.instance_path().as_str()).unwrap_or_else(|| error.instance())
    }

    fn predicate(&self, error: &ValidationError<'_>) -> String {
        use ValidationErrorKind as Kind;
        let instance = self.value(error);
        let value = shown(instance);
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.none_fits(error, context, &value)
            }
            // The error within tells of the name, which stands nowhere in the payload as a value.
            Kind::PropertyNames { error } => {
                let name = error.instance();
                format!("has a member whose name {}", predicate(error.kind(), name, &shown(name)))
            }
            kind => predicate(kind, instance, &value),
        }
    }

    /// The nearest form is the one with the fewest faults; it says more than "none fits".
    fn none_fits(
        &self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
        value: &str,
    ) -> String {
        if meter::is_full() {
            // What was found of the forms is not all.
            return format!("fits none of the allowed forms: {value}.");
        }
        let mut types: Vec<String> = Vec::new();
        for inner in context.iter().flatten() {
            match inner.kind() {
                ValidationErrorKind::Type { kind } if inner.instance_path() == error.instance_path() => {
                    types.push(type_words(kind));
                }
                _ => {
                    types.clear();
                    break;
                }
            }
        }
        if !types.is_empty() {
            types.dedup();
            return format!("is not {}: {value}.", types.join(" or "));
        }
        let nearest = context.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| errors.len());
        let first = nearest.and_then(|errors| errors.first()).and_then(|error| self.violations(error).next());
        match first {
            Some(first) => {
                let detail = shorten(&first.message, 300);
                format!("fits none of the allowed forms. In the nearest: {detail}")
            }
            None => format!("fits none of the allowed forms: {value}."),
        }
    }
}

fn is_closed_object(error: &ValidationError<'_>) -> bool {
    error.schema_path().as_str().ends_with("/additionalProperties")
}

fn keyword_of<'e>(error: &'e ValidationError<'_>) -> &'e str {
    match error.kind() {
        ValidationErrorKind::FalseSchema if is_closed_object(error) => "additionalProperties",
        kind => kind.keyword(),
    }
}

/// What a pointer points to, for a reader: `attendees › item 1 › email`.
pub(crate) fn subject(path: &str) -> String {
    if path.is_empty() {
        return "The payload".to_owned();
    }
    let steps: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|step| {
            let step = step.replace("~1", "/").replace("~0", "~");
            match step.parse::<u64>() {
                Ok(index) if !step.starts_with('+') => format!("item {}", index.saturating_add(1)),
                _ if step.is_empty() => "(a blank name)".to_owned(),
                _ => step,
            }
        })
        .collect();
    steps.join(" › ")
}

/// A value, cut to a length that fits a sentence.
pub(crate) fn shown(value: &Value) -> String {
    /// Takes what is shown and refuses the rest: a value can be as large as the payload.
    struct Beginning(Vec<u8>);

    impl io::Write for Beginning {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.len() > 4 * SHOWN {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.0.extend_from_slice(&bytes[..bytes.len().min(8 * SHOWN)]);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut beginning = Beginning(Vec::new());
    // What is refused is not shown.
    let _ = serde_json::to_writer(&mut beginning, value);
    shorten(&String::from_utf8_lossy(&beginning.0), SHOWN)
}

/// Characters of a value in a sentence.
const SHOWN: usize = 80;

/// Text cut to so many characters.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

fn predicate(kind: &ValidationErrorKind, instance: &Value, value: &str) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind } => format!("is not {}: {value}.", type_words(kind)),
        Kind::Format { format } => format!("is not {}: {value}.", format_words(format)),
        Kind::Enum { options } => format!("is not one of {}: {value}.", option_words(options)),
        Kind::Constant { expected_value } => format!("is not {}: {value}.", shown(expected_value)),
        Kind::Pattern { pattern } => format!("does not have the form {}: {value}.", shorten(pattern, 80)),
        // Our own keyword, in a schema with patterns that look around.
        Kind::Custom { keyword, message } if keyword == "pattern" => {
            format!("does not have the form {}: {value}.", shorten(message, 80))
        }
        Kind::Not { .. } => format!("is of a kind that is not allowed: {value}."),
        Kind::FalseSchema => format!("is not allowed: {value}."),
        Kind::MultipleOf { multiple_of } => format!("is not a multiple of {multiple_of}: {value}."),
        Kind::OneOfMultipleValid { .. } => format!("fits more than one of the allowed forms: {value}."),
        Kind::Custom { message, .. } => format!("is not valid: {message}."),
        kind => bounds(kind, instance, value).unwrap_or_else(|| format!("is not valid: {value}.")),
    }
}

fn bounds(kind: &ValidationErrorKind, instance: &Value, value: &str) -> Option<String> {
    use ValidationErrorKind as Kind;
    let count = match instance {
        Value::Array(items) => items.len(),
        Value::Object(map) => map.len(),
        _ => 0,
    };
    let text = match kind {
        Kind::MinLength { .. } if instance.as_str().is_some_and(str::is_empty) => "is blank.".to_owned(),
        Kind::MinLength { limit } => format!("is shorter than {}: {value}.", counted(*limit, "character")),
        Kind::MaxLength { limit } => format!("is longer than {}: {value}.", counted(*limit, "character")),
        Kind::Minimum { limit } => format!("is less than {limit}: {value}."),
        Kind::Maximum { limit } => format!("is more than {limit}: {value}."),
        Kind::ExclusiveMinimum { limit } => format!("is not more than {limit}: {value}."),
        Kind::ExclusiveMaximum { limit } => format!("is not less than {limit}: {value}."),
        Kind::MinItems { limit } => format!("has fewer than {}: {count}.", counted(*limit, "item")),
        Kind::MaxItems { limit } => format!("has more than {}: {count}.", counted(*limit, "item")),
        Kind::AdditionalItems { limit } => {
            format!("has more than {}: {count}.", counted(*limit as u64, "item"))
        }
        Kind::MinProperties { limit } => format!("has fewer than {}: {count}.", counted(*limit, "member")),
        Kind::MaxProperties { limit } => format!("has more than {}: {count}.", counted(*limit, "member")),
        Kind::UniqueItems => format!("holds the same item twice: {value}."),
        Kind::Contains => format!("holds no item of the wanted kind: {value}."),
        Kind::UnevaluatedItems { .. } => format!("holds an item that is not expected: {value}."),
        Kind::ContentEncoding { content_encoding } => format!("is not {content_encoding}: {value}."),
        Kind::ContentMediaType { content_media_type } => format!("is not {content_media_type}: {value}."),
        _ => return None,
    };
    Some(text)
}

fn counted(number: u64, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn option_words(options: &Value) -> String {
    match options {
        Value::Array(options) => {
            let words: Vec<String> = options.iter().take(10).map(shown).collect();
            let more = if options.len() > 10 { ", …" } else { "" };
            format!("{}{more}", words.join(", "))
        }
        other => shown(other),
    }
}

fn type_words(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => type_word(*kind).to_owned(),
        TypeKind::Multiple(kinds) => {
            let words: Vec<&str> = kinds.iter().map(type_word).collect();
            words.join(" or ")
        }
    }
}

fn type_word(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "empty (null)",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "text",
    }
}

fn format_words(format: &str) -> String {
    let words = match format {
        "date-time" => "a date and time",
        "date" => "a date",
        "time" => "a time of day",
        "duration" => "a duration",
        "email" | "idn-email" => "an e-mail address",
        "hostname" | "idn-hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "uri" | "iri" => "a web address",
        "uri-reference" | "iri-reference" => "a web address, or a part of one",
        "uuid" => "a UUID",
        other => return format!("of the format \"{other}\""),
    };
    words.to_owned()
}
