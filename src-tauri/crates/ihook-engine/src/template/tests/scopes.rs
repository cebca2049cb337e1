//! What a template can see of a run, and that equal things come out equal.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Scope, Template, rendered, scope_of};

#[test]
fn the_names_that_a_template_reads_are_known() {
    let names_check = |template: &str, expected: &[&str]| {
        assert_eq!(Template::parse(template).unwrap().names(), expected, "{template}");
    };
    for (template, expected) in [
        ("plain", &[][..]),
        ("{{ input.memberId }}{{input.memberId}} {{ a['b c'].d[0] }}", &["input.memberId", "a.b c.d.0"]),
        ("{{ a | default: b, allow_false: c | append: 'd' }}", &["a", "b", "c"]),
        ("{% assign x = y | plus: z %}{{ x.q }}", &["y", "z"]),
        ("{% for i in list limit: n %}{{ i.a }}{{ forloop.index }}{% endfor %}", &["list", "n"]),
        (
            "{% if a == 'b' and c contains d or true %}{{ e }}{% elsif f %}{% endif %}",
            &["a", "c", "d", "e", "f"],
        ),
        (
            "{% case a %}{% when b or c, d %}{% endcase %}{% unless e %}{% endunless %}",
            &["a", "b", "c", "d", "e"],
        ),
        ("{% capture x %}{{ a }}{% endcapture %}{% cycle g: a, h %}{% increment k %}", &["a", "h"]),
        ("{{ a[b.c].d }}", &["b.c", "a"]),
        ("{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}{{ emptySeats }}", &["emptySeats"]),
        ("{% for i in (a..b) reversed %}{% endfor %}", &["a", "b"]),
    ] {
        names_check(template, expected);
    }
    assert!(Template::parse("plain").unwrap().is_static(), "text is static");
    assert!(!Template::parse("{% comment %}{% endcomment %}").unwrap().is_static(), "a tag is code");
}

#[test]
fn a_scope_takes_outputs_and_loop_variables() {
    let mut scope = scope_of(r#"{"list": [{"n": 1}]}"#);
    scope.set("out", &serde_json::json!({"key": 7}));
    scope.set("list", &serde_json::json!([2]));
    let inner = scope.with("item", &serde_json::json!({"n": 5})).with("list", &serde_json::json!("near"));
    let template = Template::parse("{{ input.out.key }}{{ out.key }}{{ item.n }}{{ list }}").unwrap();
    assert_eq!(template.render(&scope).as_deref(), Ok("772"));
    assert_eq!(template.render(&inner).as_deref(), Ok("775near"));
    let both = Template::parse("{{ input.item.n }}{{ input.list }}").unwrap();
    assert_eq!(both.render(&inner).as_deref(), Ok("5near"), "the root and the input are the same");
    assert_eq!(both.render(&scope).as_deref(), Ok("2"), "the scope around keeps its names");
    assert!(inner.has("item.n") && scope.has("input.list.0") && inner.has("run.id"), "these lead somewhere");
    assert!(!inner.has("item.x") && !scope.has("item.n") && !scope.has("out.key.x"), "these lead nowhere");
}

#[test]
fn the_pipeline_object_is_the_payload_with_what_was_put_over_it() {
    let mut scope = scope_of(r#"{"b": 1, "a": {"z": 1, "y": 2}}"#);
    scope.set("meta", &json!({"method": "POST"}));
    scope.set("b", &json!(2));
    let inner = scope.with("item", &json!("x"));
    let shown = |template: &str, scope: &Scope| Template::parse(template).unwrap().render(scope).unwrap();
    assert_eq!(shown("{{ input }}", &scope), r#"{"b":2,"a":{"z":1,"y":2},"meta":{"method":"POST"}}"#);
    assert_eq!(shown("{{ input.size }}{{ input.first[0] }}", &inner), "4b");
    let pairs = "{% for pair in input %}{{ pair[0] }} {% endfor %}";
    assert_eq!(shown(pairs, &inner), "b a meta item ", "those of the payload first, in their order");
    let mut again = inner;
    again.set("item", &json!("y"));
    assert_eq!(shown("{{ item }}{{ input.item }}", &again), "xy", "the variable stays in front");
}

#[test]
fn objects_keep_the_order_of_their_members_through_everything() {
    let expected = r#"{"city":"Köln","size":"XL","line.2":"c/o"}"#;
    for template in [
        "{{ address }}",
        "{{ address | json }}",
        "{% assign a = address %}{{ a }}",
        "{% assign a = input %}{{ a.address }}",
        "{{ address | json | parse_json | json }}",
        "{{ nope | default: address }}",
        "{% assign l = address | compact %}{{ l | first }}",
        "{{ address | where: 'city' | first }}",
        "{{ address | find: 'city', 'Köln' }}",
        "{{ address | sort: 'city' | reverse | uniq }}",
        "{% for a in attendees limit: 1 %}{{ address }}{% endfor %}",
    ] {
        // More than once: an order by chance would differ sooner or later.
        for _ in 0..8 {
            assert_eq!(rendered(template).as_deref(), Ok(expected), "{template}");
        }
    }
}

#[test]
fn equal_objects_are_equal_whatever_the_order_of_their_members() {
    let scope = scope_of(
        r#"{"a": {"x": 1, "y": [1, {"z": 2}]}, "b": {"y": [1.0, {"z": 2}], "x": 1}, "c": {"x": 1}}"#,
    );
    for (condition, expected) in [("a == b", "y"), ("a == c", "n"), ("a != c", "y"), ("a.y == b.y", "y")] {
        let text = format!("{{% if {condition} %}}y{{% else %}}n{{% endif %}}");
        assert_eq!(Template::parse(&text).unwrap().render(&scope).as_deref(), Ok(expected), "{condition}");
    }
    let assigned = "{% assign d = a | json | parse_json %}{% if a == d %}y{% endif %}";
    assert_eq!(Template::parse(assigned).unwrap().render(&scope).as_deref(), Ok("y"));
}

/// A hundred thousand items over ten thousand members: copying their names once an item took minutes.
#[test]
fn the_scope_of_an_item_costs_nothing_of_what_it_lies_over() {
    let payload: serde_json::Map<String, Value> = (0..10_000).map(|n| (format!("m{n}"), json!(n))).collect();
    let scope = scope_of(&Value::Object(payload).to_string());
    let template = Template::parse("{{ item }}{{ m9999 }}").unwrap();
    let (started, item) = (Instant::now(), json!(7));
    for _ in 0..20_000 {
        assert_eq!(template.render(&scope.with("item", &item)).as_deref(), Ok("79999"));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "took {:?}", started.elapsed());
}
