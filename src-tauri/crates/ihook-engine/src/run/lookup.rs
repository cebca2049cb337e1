//! What a lookup asks iMIS: the operators that the author wrote, and values that are never anything but values.
//!
//! iMIS reads `Email=ne:x` as "any other than x" (imis-rest.md §3.3). So a value from a delivery goes out behind an
//! operator: the author's, or `eq:`.

use crate::step_error::{ErrorCode, StepError};
use crate::template::Rendered;

/// Query members that say what to read, or how much of it; iMIS takes no operator there.
const PLAIN: [&str; 5] = ["limit", "offset", "orderby", "entityid", "queryname"];
/// Answers to the prompts of an IQA query, which take an operator but need none.
const PROMPT: &str = "parameter";
/// Operators that need no value.
const WITHOUT_VALUE: [&str; 4] = ["isempty", "isfalse", "istrue", "notempty"];
/// Operators that take several values, with commas or bars between them.
const WITH_VALUES: [&str; 3] = ["between", "in", "notin"];
const WITH_VALUE: [&str; 16] = [
    "contains",
    "endswith",
    "eq",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "notcontain",
    "startswith",
    "==",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
];

/// Whether a query member says which records are meant, rather than how they are read.
pub(crate) fn is_criterion(name: &str) -> bool {
    !PLAIN.contains(&name.trim().to_ascii_lowercase().as_str())
}

/// A query member as it goes to iMIS; none where it is blank.
pub(crate) fn query_value(name: &str, rendered: &Rendered) -> Option<String> {
    let (operator, value) = written_operator(rendered);
    if is_blank(operator.as_deref(), value) {
        return None;
    }
    let text = &rendered.text;
    let is_as_written = operator.is_some() || rendered.values.is_empty() || !is_criterion(name);
    let is_prompt = name.trim().eq_ignore_ascii_case(PROMPT);
    let needs_operator = !is_as_written && (!is_prompt || reads_as_operator(text));
    Some(if needs_operator { format!("eq:{text}") } else { text.clone() })
}

/// A path as it goes to iMIS: what came out of values is encoded, so that it stays in its place. Query members that
/// stand behind a question mark are like others.
///
/// # Errors
/// `blankCriterion`, where a value between two slashes, or behind an equals sign, is blank: the path would mean all
/// records.
pub(crate) fn path(rendered: &Rendered, template: &str) -> Result<String, StepError> {
    let blank = || Err(blank_criterion("path", template));
    let mut path = String::new();
    let mut is_query = false;
    for (part, mark) in rendered.split(&['/', '?', '&']) {
        match part.split(&['=']).as_slice() {
            [(name, Some(_)), ..] if is_query => {
                let name = name.text.clone();
                let value = part.after(name.len() + 1);
                let Some(asked) = query_value(&name, &value) else { return blank() };
                let operator = if asked.len() > value.text.len() { "eq:" } else { "" };
                path.push_str(&format!("{name}={operator}{}", value.with_values(encoded)));
            }
            _ if !part.values.is_empty() && part.text.trim().is_empty() => return blank(),
            _ => path.push_str(&part.with_values(encoded)),
        }
        is_query |= mark == Some('?');
        path.extend(mark);
    }
    Ok(path)
}

/// Why a lookup is not made.
pub(crate) fn blank_criterion(field: &str, template: &str) -> StepError {
    let template = crate::schema::shorten(template, 200);
    let why = if template.trim().is_empty() {
        "nothing is filled in there".to_owned()
    } else {
        format!("its template {template} gives nothing for this delivery")
    };
    StepError::new(
        ErrorCode::BlankCriterion,
        format!(
            "“{field}” is blank: {why}. Nothing was looked up, because records that have nothing to do with this \
             delivery would be found."
        ),
    )
}

/// The operator that the author wrote in front, in lower case, and what follows it.
fn written_operator(rendered: &Rendered) -> (Option<String>, &str) {
    let start = rendered.written_start();
    let named = start.split_once(':').and_then(|(name, _)| {
        let rest = rendered.text.get(name.len() + 1..)?;
        Some((operator(name)?, rest))
    });
    match named {
        Some((name, rest)) => (Some(name), rest),
        None => (operator(start).filter(|name| WITHOUT_VALUE.contains(&name.as_str())), &rendered.text),
    }
}

fn operator(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase();
    let known = WITH_VALUE.iter().chain(&WITH_VALUES).chain(&WITHOUT_VALUE);
    { known }.any(|known| *known == name).then_some(name)
}

fn is_blank(operator: Option<&str>, value: &str) -> bool {
    let mut values = value.split([',', '|']).map(|value| value.trim().is_empty());
    match operator {
        Some(name) if WITHOUT_VALUE.contains(&name) => false,
        Some("between") => values.any(|is_blank| is_blank),
        Some(name) if WITH_VALUES.contains(&name) => values.all(|is_blank| is_blank),
        _ => value.trim().is_empty(),
    }
}

/// Whether iMIS might take the beginning of a text for an operator, also for one that is not among ours.
fn reads_as_operator(text: &str) -> bool {
    let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let name = name.trim();
    let is_word =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || b"=!<>".contains(&byte));
    operator(name).is_some() || rest.is_some() && is_word
}

/// Percent-encoded, as it may stand anywhere in a path or a query (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::Template;
    use crate::template::tests::scope_over;

    fn rendered(template: &str) -> Rendered {
        let scope = scope_over(&json!({
            "email": "a@b.c", "ne": "ne:x", "e": "e:x", "is": "isEmpty", "url": "https://x", "blank": " ",
            "list": "1,2", "id": "10001", "climb": "../x?y=z&a", "odd": "a b/ü"
        }));
        Template::parse(template).unwrap().rendered(&scope).unwrap()
    }

    #[test]
    fn a_value_of_the_delivery_is_never_an_operator() {
        for (name, template, expected) in [
            ("Email", "{{ email }}", Some("eq:a@b.c")),
            ("Email", "eq:{{ email }}", Some("eq:a@b.c")),
            ("Email", " EQ :{{ email }}", Some(" EQ :a@b.c")),
            ("Email", "{{ ne }}", Some("eq:ne:x")),
            ("Email", "n{{ e }}", Some("eq:ne:x")),
            ("Email", "eq:{{ ne }}", Some("eq:ne:x")),
            ("Email", "startsWith:{{ email }}", Some("startsWith:a@b.c")),
            ("Email", "{{ is }}", Some("eq:isEmpty")),
            ("Email", "{{ 'ne:' }}{{ email }}", Some("eq:ne:a@b.c")),
            ("Email", "{% capture op %}ne:{% endcapture %}{{ op }}{{ email }}", Some("eq:ne:a@b.c")),
            ("Email", "{% ifchanged %}{{ ne }}{% endifchanged %}", Some("eq:ne:x")),
            ("Email", "{% cycle ne %}", Some("eq:ne:x")),
            ("Email", "{% if email %}ne:{% endif %}{{ email }}", Some("ne:a@b.c")),
            ("Note", "Ref:{{ id }}", Some("eq:Ref:10001")),
            ("Status", "A", Some("A")),
            ("Status", "in:A,I", Some("in:A,I")),
            ("Status", "isEmpty", Some("isEmpty")),
            ("Limit", "{{ id }}", Some("10001")),
            ("EntityId", "~{{ id }}|2", Some("~10001|2")),
            ("parameter", "{{ id }}", Some("10001")),
            ("parameter", "{{ ne }}", Some("eq:ne:x")),
            ("parameter", "{{ url }}", Some("eq:https://x")),
            ("parameter", "{{ is }}", Some("eq:isEmpty")),
            // Blank.
            ("Email", "{{ nope }}", None),
            ("Email", "{{ blank }}", None),
            ("Email", "eq:{{ nope }}", None),
            ("Email", "contains: {{ blank }}", None),
            ("Email", "", None),
            ("Email", "between:{{ id }},{{ nope }}", None),
            ("Email", "between:{{ list }}", Some("between:1,2")),
            ("Email", "in:{{ nope }},{{ blank }}", None),
            ("Email", "in:{{ nope }},{{ id }}", Some("in:,10001")),
            ("Limit", "{{ nope }}", None),
        ] {
            assert_eq!(query_value(name, &rendered(template)).as_deref(), expected, "{name}={template}");
        }
    }

    #[test]
    fn a_value_in_a_path_stays_in_its_place() {
        for (template, expected) in [
            ("Party/{{ id }}", Some("Party/10001")),
            ("Party", Some("Party")),
            ("/api/Party/", Some("/api/Party/")),
            ("Party/{{ climb }}", Some("Party/..%2Fx%3Fy%3Dz%26a")),
            ("Party/{{ odd }}/x", Some("Party/a%20b%2F%C3%BC/x")),
            ("Party/{{ nope }}", None),
            ("Party/{{ blank }}/x", None),
            ("Party/x{{ nope }}", Some("Party/x")),
            ("query?QueryName=$/A/{{ odd }}", Some("query?QueryName=$/A/a%20b%2F%C3%BC")),
            ("Party?Email={{ ne }}&Limit=1", Some("Party?Email=eq:ne%3Ax&Limit=1")),
            ("Party?Email=eq:{{ email }}", Some("Party?Email=eq:a%40b.c")),
            ("Party?Status=A", Some("Party?Status=A")),
            ("Party?Email={{ nope }}", None),
            ("Party?Email=eq:{{ nope }}", None),
        ] {
            let path = path(&rendered(template), template);
            assert_eq!(path.as_deref().ok(), expected, "{template}");
            if let Err(error) = path {
                assert!(error.is(ErrorCode::BlankCriterion) && error.message.contains(template), "{error}");
            }
        }
    }
}
