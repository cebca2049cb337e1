//! iTransfer's old `$$name$$` placeholders, rewritten as templates on paste and import.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use serde_json::Value;

use crate::workflow::pointer_step;

/// What an import rewrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// JSON pointer into the file.
    pub path: String,
    /// The text as it came.
    pub from: String,
    /// The text as it is now.
    pub to: String,
}

/// The name forms that iTransfer knew: flat ones.
static PLACEHOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$\$([A-Za-z_][A-Za-z0-9_]*)\$\$").ok());

/// Rewrites the template fields of a workflow file, and nothing else in it. A file that is no workflow is
/// left for [`crate::workflow::Workflow::parse`] to refuse.
pub fn convert(file: &mut Value) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(actions) = file.get_mut("actions") {
        convert_actions(actions, "/actions", &mut changes);
    }
    changes
}

/// One text: `$$name$$` becomes `{{ input.name }}`, or `input.name` where it stands inside template code.
/// `None` where there is nothing to rewrite; odd forms are left alone.
#[must_use]
pub fn convert_text(text: &str, is_expression: bool) -> Option<String> {
    let pattern = PLACEHOLDER.as_ref()?;
    let mut rewritten = String::with_capacity(text.len());
    let mut done = 0;
    for found in pattern.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        // `$$$a$$` and `$$a$$$` are prices or slips; only a neighbouring placeholder may touch this one.
        let lone_before = whole.start() > done && text[..whole.start()].ends_with('$');
        let after = &text[whole.end()..];
        let lone_after = after.starts_with('$') && pattern.find(after).is_none_or(|next| next.start() != 0);
        if lone_before || lone_after {
            continue;
        }
        rewritten.push_str(&text[done..whole.start()]);
        let in_code = is_expression && !text.contains("{{") && !text.contains("{%");
        if in_code || inside_code(&text[..whole.start()]) {
            rewritten.push_str(&format!("input.{}", name.as_str()));
        } else {
            rewritten.push_str(&format!("{{{{ input.{} }}}}", name.as_str()));
        }
        done = whole.end();
    }
    if done == 0 {
        return None;
    }
    rewritten.push_str(&text[done..]);
    Some(rewritten)
}

/// Whether the end of this text stands inside `{{ … }}` or `{% … %}`.
fn inside_code(before: &str) -> bool {
    let opened = before.rfind("{{").max(before.rfind("{%"));
    let closed = before.rfind("}}").max(before.rfind("%}"));
    opened.is_some_and(|opened| closed.is_none_or(|closed| closed < opened))
}

fn convert_actions(actions: &mut Value, path: &str, changes: &mut Vec<Change>) {
    let Some(actions) = actions.as_array_mut() else { return };
    for (at, action) in actions.iter_mut().enumerate() {
        let path = format!("{path}/{at}");
        let texts: &[&str] = match action.get("type").and_then(Value::as_str) {
            Some("jsonSchemaValidation") => &["schema"],
            Some("insertActivity" | "insertPanelRecord") => &["fields"],
            Some("gate") => &["expression"],
            Some("httpRequest") => &["url", "headers", "body"],
            Some("imisGet") => &["path", "query"],
            Some("alreadyRecorded") => &["match"],
            Some("notify") => &["title", "message"],
            Some("forEach") => {
                if let Some(nested) = action.get_mut("actions") {
                    convert_actions(nested, &format!("{path}/actions"), changes);
                }
                continue;
            }
            _ => continue,
        };
        for name in texts {
            if let Some(value) = action.get_mut(name) {
                convert_strings(value, &format!("{path}/{name}"), *name == "expression", changes);
            }
        }
    }
}

fn convert_strings(value: &mut Value, path: &str, is_expression: bool, changes: &mut Vec<Change>) {
    match value {
        Value::String(text) => {
            if let Some(to) = convert_text(text, is_expression) {
                let from = std::mem::replace(text, to.clone());
                changes.push(Change { path: path.to_owned(), from, to });
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                convert_strings(item, &format!("{path}/{at}"), is_expression, changes);
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter_mut() {
                convert_strings(item, &format!("{path}/{}", pointer_step(key)), is_expression, changes);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(convert_text(text, false).as_deref().unwrap_or(text), expected, "{text}");
    }

    #[test]
    fn placeholders_become_templates_and_odd_ones_stay() {
        check("$$memberId$$", "{{ input.memberId }}");
        check("a $$x$$ b $$y_2$$", "a {{ input.x }} b {{ input.y_2 }}");
        check("$$a$$$$b$$", "{{ input.a }}{{ input.b }}");
        check("{{ $$a$$ | upcase }}", "{{ input.a | upcase }}");
        check("{{ x }} $$a$$", "{{ x }} {{ input.a }}");
        for odd in ["$$$$", "$$", "$$a", "$$a b$$", "$$a.b$$", "$$1a$$", "$$$a$$", "$$a$$$", "$5 and $6", ""]
        {
            check(odd, odd);
        }
    }

    #[test]
    fn an_expression_is_code_already() {
        assert_eq!(convert_text("$$a$$ == 'x'", true).as_deref(), Some("input.a == 'x'"));
        assert_eq!(convert_text("{{ $$a$$ }}", true).as_deref(), Some("{{ input.a }}"));
    }

    #[test]
    fn only_template_fields_are_rewritten_and_each_is_listed() {
        let mut file = json!({
            "name": "$$name$$",
            "actions": [
                {"id": "$$id$$", "type": "insertActivity", "fields": {"A/B": "$$a$$", "C": 1}},
                {"id": "l", "type": "forEach", "list": "$$l$$", "actions": [
                    {"id": "g", "type": "gate", "expression": "$$b$$ == 1"}]},
                {"id": "u", "type": "unknown", "title": "$$t$$"}, 7
            ]
        });
        let changes = convert(&mut file);
        let change = |path: &str, from: &str, to: &str| Change {
            path: path.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        assert_eq!(
            changes,
            [
                change("/actions/0/fields/A~1B", "$$a$$", "{{ input.a }}"),
                change("/actions/1/actions/0/expression", "$$b$$ == 1", "input.b == 1"),
            ]
        );
        assert_eq!(file["name"], "$$name$$");
        assert_eq!(convert(&mut file), [], "a second pass finds nothing");
    }
}
