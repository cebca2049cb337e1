//! A violation in words that staff and senders can act on.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::Violation;
use crate::workflow::pointer_step;

/// One error of the validator as the violations it stands for: one per unexpected member. `root` is the
/// whole instance.
pub(super) fn violations(error: &ValidationError<'_>, root: &Value) -> Vec<Violation> {
    use ValidationErrorKind as Kind;
    let base = error.instance_path().as_str();
    let keyword = error.kind().keyword();
    match error.kind() {
        Kind::Required { property } => {
            let member = property.as_str().map_or_else(|| property.to_string(), str::to_owned);
            let path = format!("{base}/{}", pointer_step(&member));
            vec![Violation {
                message: format!("{} is missing.", subject(&path)),
                path,
                keyword: keyword.to_owned(),
            }]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            not_expected(base, keyword, unexpected.iter().map(String::as_str))
        }
        // Without any `properties` the validator names neither the keyword nor the member.
        Kind::FalseSchema if error.schema_path().as_str().ends_with("/additionalProperties") => {
            let members = root.pointer(base).and_then(Value::as_object);
            let names = members.into_iter().flat_map(|map| map.keys().map(String::as_str));
            not_expected(base, "additionalProperties", names)
        }
        _ => {
            let message = format!("{} {}", subject(base), predicate(error, root));
            vec![Violation { path: base.to_owned(), keyword: keyword.to_owned(), message }]
        }
    }
}

fn not_expected<'a>(base: &str, keyword: &str, members: impl Iterator<Item = &'a str>) -> Vec<Violation> {
    members
        .map(|member| {
            let path = format!("{base}/{}", pointer_step(member));
            let message = format!("{} is not expected here.", subject(&path));
            Violation { path, keyword: keyword.to_owned(), message }
        })
        .collect()
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
    shorten(&value.to_string(), 80)
}

/// Text cut to so many characters.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

fn predicate(error: &ValidationError<'_>, root: &Value) -> String {
    use ValidationErrorKind as Kind;
    let value = shown(error.instance());
    match error.kind() {
        Kind::Type { kind } => format!("is not {}: {value}.", type_words(kind)),
        Kind::Format { format } => format!("is not {}: {value}.", format_words(format)),
        Kind::Enum { options } => format!("is not one of {}: {value}.", option_words(options)),
        Kind::Constant { expected_value } => format!("is not {}: {value}.", shown(expected_value)),
        Kind::Pattern { pattern } => {
            format!("does not have the form {}: {value}.", shorten(pattern, 80))
        }
        Kind::Not { .. } => format!("is of a kind that is not allowed: {value}."),
        Kind::FalseSchema => format!("is not allowed: {value}."),
        Kind::MultipleOf { multiple_of } => format!("is not a multiple of {multiple_of}: {value}."),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => none_fits(error, context, root),
        Kind::OneOfMultipleValid { .. } => format!("fits more than one of the allowed forms: {value}."),
        Kind::PropertyNames { error } => format!("has a member whose name {}", predicate(error, root)),
        Kind::Custom { message, .. } => format!("is not valid: {message}."),
        kind => bounds(kind, error.instance(), &value).unwrap_or_else(|| format!("is not valid: {error}.")),
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

/// The nearest form is the one with the fewest faults; it says more than "none fits".
fn none_fits(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>], root: &Value) -> String {
    let value = shown(error.instance());
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
    let detail = nearest.and_then(|errors| errors.first()).map(|error| violations(error, root));
    match detail.as_deref() {
        Some([first, ..]) => format!("fits none of the allowed forms. In the nearest: {}", first.message),
        _ => format!("fits none of the allowed forms: {value}."),
    }
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
        "uuid" => "a UUID",
        other => return format!("of the format \"{other}\""),
    };
    words.to_owned()
}
