//! What a reader learns who takes a rendering for one value: where lists and objects became text, and which parts
//! came out of values.

use serde_json::json;

use super::{Template, scope_over};

fn payload() -> serde_json::Value {
    json!({ "a": "x", "b": "", "list": ["1", "2"], "none": [], "who": {"id": "7"}, "text": "[1]", "n": 5 })
}

#[test]
fn a_list_or_an_object_that_became_text_unasked_is_known() {
    for (template, expected) in [
        ("{{ a }} {{ n }} {{ nope }}", None),
        ("{{ list }}", Some(r#"["1","2"]"#)),
        ("x{{ none }}", Some("[]")),
        ("{{ who }}", Some(r#"{"id":"7"}"#)),
        ("{% echo list %}", Some(r#"["1","2"]"#)),
        ("{% liquid echo list %}", Some(r#"["1","2"]"#)),
        ("{% cycle list %}", Some(r#"["1","2"]"#)),
        ("{% capture x %}{{ list }}{% endcapture %}", Some(r#"["1","2"]"#)),
        ("{% assign x = list %}{{ x }}", Some(r#"["1","2"]"#)),
        ("{% assign x = list | upcase %}{{ x }}", Some(r#"["1","2"]"#)),
        ("{{ list | append: '' }}", Some(r#"["1","2"]"#)),
        ("{{ a | append: list }}", Some(r#"["1","2"]"#)),
        ("{{ list | split: ',' | first }}", Some(r#"["1","2"]"#)),
        ("{{ text | parse_json }}", Some("[1]")),
        // What the author asked for, and what shows no list.
        ("{{ list | join }} {{ list | json }} {{ who | json }} {{ list | size }} {{ list | sum }}", None),
        ("{{ list[0] }} {{ list | last }} {{ who.id }} {{ list | slice: 0, 1 | join }}", None),
        ("{{ none | default: 'none' }}{% for x in list %}{{ x }}{% endfor %}", None),
        ("{% if list contains '1' and a != list %}{{ a }}{% endif %}", None),
        ("{% assign d = who | parse_json %}{{ d.id }}", None),
        ("{% assign d = list | parse_json %}{{ d[0] }}", None),
    ] {
        let rendered = Template::parse(template).unwrap().rendered(&scope_over(&payload())).unwrap();
        let json = rendered.compound.map(|compound| compound.json);
        assert_eq!(json.as_deref(), expected, "{template}");
    }
}

#[test]
fn what_came_out_of_a_value_is_told_from_what_is_written() {
    // Values stand in brackets.
    for (template, expected) in [
        ("eq:x", "eq:x"),
        ("{{ a }}", "[x]"),
        ("eq:{{ a }} {{ n }}.", "eq:[x] [5]."),
        ("{{ a }}{{ n }}", "[x5]"),
        ("{{ b }}/{{ nope }}", "[]/[]"),
        ("{% if a %}ne:{{ a }}{% endif %}", "ne:[x]"),
        ("{% for i in list %}{{ i }},{% endfor %}", "[1],[2],"),
        ("{% capture x %}ne:{% endcapture %}{{ x }}{{ a }}", "[ne:x]"),
        ("{% ifchanged %}{{ a }}-{% endifchanged %}", "[x-]"),
        ("{% cycle a %}", "[x]"),
        ("{{ 'ne:' }}", "[ne:]"),
        ("{% raw %}{{ a }}{% endraw %}", "{{ a }}"),
    ] {
        let rendered = Template::parse(template).unwrap().rendered(&scope_over(&payload())).unwrap();
        assert_eq!(rendered.with_values(|value| format!("[{value}]")), expected, "{template}");
    }
}

#[test]
fn a_message_shows_no_more_of_a_value_than_fits() {
    let long = json!({ "list": ["y".repeat(3000), "z"] });
    let rendered = Template::parse("{{ list }}").unwrap().rendered(&scope_over(&long)).unwrap();
    let refusal = rendered.compound.unwrap().refusal("ID", "{{ list }}");
    assert!(refusal.len() < 600, "{} bytes", refusal.len());
    assert!(
        refusal.starts_with("“ID” takes one value, and its template {{ list }} gives a list"),
        "{refusal}"
    );
}
