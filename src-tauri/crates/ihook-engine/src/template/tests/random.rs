//! Random templates over random payloads.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value;

use super::super::filters;
use super::{Condition, PAYLOAD, Template, scope_of};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn piece() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "(input\\.)?[a-c](\\.[a-c]|\\[0\\]|\\[-1\\]|\\.first|\\.size){0,2}",
        "-?[0-9]{1,25}(\\.[0-9]{1,3})?",
        "'[^'{}%]{0,6}'",
        Just("nil".to_owned()),
        Just("i".to_owned()),
    ];
    let arguments = prop::collection::vec(value.clone(), 0..3).prop_map(|values| match values.join(", ") {
        none if none.is_empty() => none,
        some => format!(": {some}"),
    });
    let names: Vec<&str> = filters::all().map(|filter| filter.name).collect();
    let filters = prop::collection::vec((prop::sample::select(names), arguments), 0..4);
    let chain = (value.clone(), filters).prop_map(|(value, filters)| {
        filters.iter().fold(value, |chain, (name, arguments)| format!("{chain} | {name}{arguments}"))
    });
    let operator = prop::sample::select(&["==", "!=", "<", ">=", "contains"][..]);
    prop_oneof![
        chain.clone().prop_map(|chain| format!("{{{{ {chain} }}}}")),
        chain.prop_map(|chain| format!("{{% assign a = {chain} %}}")),
        (value.clone(), operator, value.clone())
            .prop_map(|(a, o, b)| format!("{{% if {a} {o} {b} %}}y{{% endif %}}")),
        value
            .clone()
            .prop_map(|a| format!("{{% for i in {a} %}}{{{{ i }}}}{{{{ forloop.index }}}}{{% endfor %}}")),
        (value.clone(), value.clone()).prop_map(|(a, b)| {
            format!(
                "{{% case {a} %}}{{% when {b}, 1 %}}{{% cycle {a}: {b}, 2 %}}{{% else %}}n{{% endcase %}}"
            )
        }),
        (value.clone(), value.clone()).prop_map(|(a, b)| {
            format!(
                "{{% tablerow i in {a} cols: {b} offset: {b} %}}{{{{ tablerowloop.col }}}}{{% endtablerow %}}"
            )
        }),
        value.clone().prop_map(|a| format!("{{% liquid\nincrement n\necho {a} | default: n\n%}}")),
        (value.clone(), value)
            .prop_map(|(a, b)| format!("{{% for i in ({a}..{b}) limit:9 %}}{{{{ i }}}}{{% endfor %}}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_template_over_no_payload_panics_or_takes_long(
        pieces in prop::collection::vec(piece(), 1..6),
        (a, b, c) in (json(), json(), json()),
    ) {
        let text = pieces.concat();
        let scope = scope_of(&serde_json::json!({"a": a, "b": b, "c": c}).to_string());
        let started = Instant::now();
        let _ = Template::parse(&text).and_then(|template| template.render(&scope));
        prop_assert!(started.elapsed() < Duration::from_secs(5), "{} takes {:?}", text, started.elapsed());
    }

    #[test]
    fn no_text_panics_the_parser(text in "([ab .|:'\"0-9\\[\\]()=<>-]|\\{\\{|\\}\\}|\\{%|%\\}|if|for|in|end|assign|raw|liquid\n|comment|doc|cycle|#|-|\\PC){0,30}") {
        let _ = Template::parse(&text).and_then(|template| template.render(&scope_of(PAYLOAD)));
        let _ = Condition::parse(&text).map(|condition| condition.holds(&scope_of(PAYLOAD)));
    }
}
