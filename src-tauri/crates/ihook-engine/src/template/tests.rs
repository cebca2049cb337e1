mod limits;
mod random;

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::*;

const PAYLOAD: &str = r#"{
    "memberId": 12345, "big": 123456789012345678901, "price": 12.50, "whole": 12345.0, "tiny": 1e-7,
    "name": "Ann \"Ä\" O'Neill", "blank": "  ", "empty": "", "nothing": null, "vip": true, "no": false,
    "vipText": "true", "when": "2026-05-27T13:15:00Z", "local": "2026-05-27T09:15:00", "run": "5k",
    "sessionCode": "KEYNOTE", "emptySeats": 3, "code": "{{ secret }}", "größe": "L", "a-b": "dash",
    "tags": ["x", "y", "x"], "numbers": [3, "20", 1.5], "json": "{\"a\": [1, 12.50]}",
    "attendees": [{"id": 1, "city": "Rome"}, {"id": 2}, {"id": 3, "city": "Bonn"}],
    "address": {"city": "Köln", "size": "XL", "line.2": "c/o"}, "items": [1.0, {"n": 2}]
}"#;

fn scope_of(payload: &str) -> Scope {
    let payload: Map<String, Value> = serde_json::from_str(payload).unwrap();
    let zone = crate::time::zone_named("America/New_York").unwrap();
    let received_at = "2026-05-27T13:15:30Z".parse().unwrap();
    Scope::new(&payload, &RunFacts { run_id: "r1", workflow_name: "Check-in", received_at, zone: &zone })
}

fn rendered(template: &str) -> Result<String, String> {
    Template::parse(template)?.render(&scope_of(PAYLOAD))
}

fn check(template: &str, expected: &str) {
    assert_eq!(rendered(template).as_deref(), Ok(expected), "{template}");
}

fn check_fault(template: &str, part: &str) {
    fault_within(Duration::from_secs(5), template, part);
}

fn fault_within(limit: Duration, template: &str, part: &str) {
    let started = Instant::now();
    let fault = rendered(template).expect_err(template);
    assert!(fault.contains(part), "{template}\ngives {fault:?}\ninstead of {part:?}");
    assert!(!fault.contains('\n'), "a fault is one sentence: {fault:?}");
    assert!(started.elapsed() < limit, "{template} took {:?}", started.elapsed());
}

#[test]
fn names_reach_the_payload_the_run_and_nothing_else() {
    for (template, expected) in [
        ("plain text", "plain text"),
        ("{{ memberId }}={{ input.memberId }}", "12345=12345"),
        ("{{ input['memberId'] }}{{ input[\"größe\"] }}{{ input.a-b }}", "12345Ldash"),
        ("{{input.address.city}} {{ address['line.2'] }}", "Köln c/o"),
        (
            "{{ attendees[0].city }}{{ attendees[-1].city }}{{ attendees.first.id }}{{ attendees.last.id }}",
            "RomeBonn13",
        ),
        ("{{ tags.size }} {{ name.size }} {{ address.size }}", "3 15 XL"),
        ("{{ run.id }} {{ run.receivedAt }} {{ workflow.name }}", "r1 2026-05-27T09:15:30-04:00 Check-in"),
        ("{{ input.run }} {{ now }}", "5k 2026-05-27T09:15:30-04:00"),
        // Unknown at any depth is nothing.
        (
            "[{{ nope }}{{ input.nope.deeper[3].x }}{{ name.nope }}{{ tags[9] }}{{ nothing.x }}{{ run.x }}]",
            "[]",
        ),
        (
            "{{ input.nope | default: 'x' }}{{ nope.y | default: memberId }}{{ nothing | default: 1 }}",
            "x123451",
        ),
        ("{{ input.empty | default: 'e' }}{{ input.blank | default: 'b' }}{{ no | default: 'f' }}", "e  f"),
        ("{{ no | default: 'f', allow_false: true }}", "false"),
        (
            "{% for a in input.none %}x{% else %}none{% endfor %}{{ none | size }}{{ none | join: ',' }}",
            "none0",
        ),
        ("{{ none | upcase }}{{ none | split: ',' | first }}{{ none | plus: 1 }}{{ none | map: 'x' }}", "1"),
        // What grammar would take for a word.
        ("{{ emptySeats }} {{ emptySeats | plus: 1 }}{% if emptySeats == 3 %}!{% endif %}", "3 4!"),
        ("{{\tinput.memberId\t|\tappend:\t'\t' }}", "12345\t"),
        ("{{ 'a}}b' }}{{ \"{% x %}\" }}", "a}}b{% x %}"),
        // A value is never run.
        ("{{ code }}", "{{ secret }}"),
        ("{% assign x = code %}{{ x | append: '{{ memberId }}' }}", "{{ secret }}{{ memberId }}"),
    ] {
        check(template, expected);
    }
}

#[test]
fn numbers_keep_their_digits() {
    for (template, expected) in [
        (
            "{{ memberId }} {{ big }} {{ price }} {{ whole }} {{ tiny }}",
            "12345 123456789012345678901 12.50 12345.0 1e-7",
        ),
        (
            "{% assign p = price %}{{ p }} {{ price | default: 0 }} {{ big | default: 0 }}",
            "12.50 12.50 123456789012345678901",
        ),
        (
            "{{ 99999999999999999999 }} {{ -99999999999999999999 }}",
            "99999999999999999999 -99999999999999999999",
        ),
        (
            "{{ memberId | plus: 1 }} {{ price | times: 3 }} {{ big | plus: 1 }}",
            "12346 37.5 123456789012345678902",
        ),
        (
            "{{ 0.1 | plus: 0.2 }} {{ 19.99 | times: 3 }} {{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }}",
            "0.3 59.97 3 3.5",
        ),
        ("{{ -7 | divided_by: 2 }} {{ -7 | modulo: 3 }} {{ 10 | divided_by: 4.0 }}", "-4 2 2.5"),
        ("{{ 9223372036854775807 | plus: 1 }} {{ '5' | minus: '0.5' }}", "9223372036854775808 4.5"),
        (
            "{{ 2.5 | round }} {{ 2.345 | round: 2 }} {{ 2.1 | ceil }} {{ -2.1 | floor }} {{ -3 | abs }}",
            "3 2.35 3 -3 3",
        ),
        ("{{ 3 | at_least: 5 }} {{ 3 | at_most: 2 }} {{ numbers | sum }}", "5 2 24.5"),
        (
            "{{ items | json }} {{ price | json }} {{ address | json }}",
            r#"[1.0,{"n":2}] 12.50 {"city":"Köln","size":"XL","line.2":"c/o"}"#,
        ),
    ] {
        check(template, expected);
    }
}

#[test]
fn tags_work_as_liquid_has_them() {
    for (template, expected) in [
        (
            "{% for a in attendees %}{{ forloop.index }}:{{ a.city | default: '-' }}{% unless forloop.last %},{% endunless %}{% endfor %}",
            "1:Rome,2:-,3:Bonn",
        ),
        (
            "{% for i in (1..3) reversed %}{{ i }}{% endfor %} {% for t in tags limit:1 offset:1 %}{{ t }}{% endfor %}",
            "321 y",
        ),
        (
            "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% elsif i > 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "13",
        ),
        (
            "{% for a in tags %}{% for b in tags %}{{ forloop.parentloop.index }}{{ forloop.index0 }} {% endfor %}{% endfor %}",
            "10 11 12 20 21 22 30 31 32 ",
        ),
        ("{% for pair in address limit: 1 %}{{ pair[0] }}={{ pair[1] }}{% endfor %}", "city=Köln"),
        (
            "{% tablerow t in tags cols:2 %}{{ t }}{% endtablerow %}",
            "<tr class=\"row1\"><td class=\"col1\">x</td><td class=\"col2\">y</td></tr><tr class=\"row2\"><td class=\"col1\">x</td></tr>",
        ),
        (
            "{% case sessionCode %}{% when 'A', 'KEYNOTE' %}k{% else %}o{% endcase %}{% case memberId %}{% when '12345' %}m{% endcase %}",
            "km",
        ),
        (
            "{% assign x = tags | uniq | join: '+' %}{{ x }}{% capture y %}<{{ x }}>{% endcapture %}{{ y }}",
            "x+y<x+y>",
        ),
        (
            "{% increment n %}{% increment n %}{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}{% decrement m %}",
            "01ab-1",
        ),
        ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ nope | nope }}{% endcomment %}", "{{ x }}"),
        ("{%- if true -%}  a  {%- endif -%}  b", "ab"),
        ("{% for t in tags %}{% ifchanged %}{{ t }}{% endifchanged %}{% endfor %}", "xyx"),
    ] {
        check(template, expected);
    }
}

#[test]
fn filters_work_as_liquid_has_them() {
    for (template, expected) in [
        (
            "{{ 'Ää' | upcase }}{{ 'ABC' | downcase }}{{ 'ann lee' | capitalize }}{{ ' x ' | strip }}",
            "ÄÄabcAnn leex",
        ),
        ("{{ 'äöü' | size }}{{ 'äöüß' | slice: 1, 2 }}{{ 'äöüß' | slice: -1 }}{{ 'äöü' | first }}", "3öüßä"),
        (
            "{{ 'äöüäöü' | truncate: 5 }} {{ 'äöü' | truncate: 3 }} {{ 'abc' | truncate: 2, '' }}",
            "äö... äöü ab",
        ),
        (
            "{{ 'a-b-c' | replace: '-', '+' }}{{ 'a-b' | remove: '-' }}{{ 'aa' | replace_first: 'a', 'b' }}{{ 'x' | prepend: 'y' }}",
            "a+b+cabbayx",
        ),
        (
            "{{ 'a,b' | split: ',' | reverse | join }}{{ 'a b' | url_encode }}{{ '<b>' | escape }}",
            "b aa%20b&lt;b&gt;",
        ),
        (
            "{{ attendees | map: 'city' | join: '/' }} {{ attendees | where: 'city', 'Bonn' | map: 'id' }}",
            "Rome/Bonn 3",
        ),
        (
            "{{ numbers | sort | join: ' ' }} {{ attendees | sort: 'city' | map: 'id' | join: '' }}",
            "1.5 3 20 312",
        ),
        (
            "{{ json | parse_json | json }}{% assign p = json | parse_json %} {{ p.a[1] }} {{ p.a.size }}",
            "{\"a\":[1,\"12.50\"]} 12.50 2",
        ),
        ("{{ name | json }}", "\"Ann \\\"Ä\\\" O'Neill\""),
    ] {
        check(template, expected);
    }
}

#[test]
fn times_are_read_in_every_form_and_shown_in_the_sites_zone() {
    for (template, expected) in [
        (
            "{{ when | date: '%Y-%m-%d %H:%M %z' }} {{ local | date: '%-m/%-d/%Y %l:%M %p' }}",
            "2026-05-27 09:15 -0400 5/27/2026  9:15 AM",
        ),
        (
            "{{ 'now' | date: '%F %T' }} {{ 'today' | date: '%F %T' }} {{ now | date: '%F' }}",
            "2026-05-27 09:15:30 2026-05-27 00:00:00 2026-05-27",
        ),
        (
            "{{ 1779887700 | date: '%H:%M' }} {{ '5/27/2026 9:15 PM' | date: '%s' }} {{ when | date }}",
            "09:15 1779930900 2026-05-27T09:15:00",
        ),
        ("{{ none | date: '%F' }}{{ input.blank | date: '%F' }}{{ nothing | format: 'd' }}", ""),
        (
            "{{ when | format: 'MM/dd/yyyy h:mm tt' }} {{ when | format: 'd' }} {{ local | format: 'yyyy-MM-ddTHH:mm:ssK' }}",
            "05/27/2026 9:15 AM 5/27/2026 2026-05-27T09:15:00-04:00",
        ),
        (
            "{{ when | in_zone: 'Europe/Berlin' }} {{ local | in_zone: 'UTC' | date: '%H:%M' }} {{ when | in_zone }}",
            "2026-05-27T15:15:00 13:15 2026-05-27T09:15:00",
        ),
        (
            "{{ '2026-03-08T02:30:00' | date: '%F %T' }} {{ when | date: '%Q %é' }}",
            "2026-03-08 02:30:00 America/New_York %é",
        ),
    ] {
        check(template, expected);
    }
}

fn check_condition(expression: &str, expected: bool) {
    let condition = Condition::parse(expression).unwrap();
    assert_eq!(condition.holds(&scope_of(PAYLOAD)), Ok(expected), "{expression}");
}

#[test]
fn conditions_hold_exactly_when_they_render_true() {
    for (expression, expected) in [
        ("", true),
        (" \n ", true),
        ("true", true),
        ("false", false),
        ("input.sessionCode == 'KEYNOTE' and input.vip", true),
        ("{{ input.sessionCode == 'KEYNOTE' and input.vip }}", true),
        ("{{- input.sessionCode != \"KEYNOTE\" -}}", false),
        ("{% if vip %}true{% endif %}", true),
        (" {{ vip }} ", true),
        ("vip", true),
        ("vipText", true),
        ("name", false),
        ("none", false),
        ("memberId", false),
        ("vip | json", true),
        ("True", false),
        ("no or vip", true),
        ("vip and no or vip", true),
        ("no and vip or no", false),
        // Numbers and their text are the same, truth and other text are not.
        ("memberId == '12345'", true),
        ("memberId == 12345", true),
        ("price == 12.5", true),
        ("big > 5", true),
        ("'9' < 10", true),
        ("vipText == true", true),
        ("name == true", false),
        ("no == false", true),
        ("none == false", false),
        // What is missing is nil and holds nothing.
        ("none == nil", true),
        ("nothing == nil", true),
        ("none == empty", true),
        ("input.blank == blank", true),
        ("input.blank != empty", true),
        ("none > 5", false),
        ("none < 5", false),
        ("none contains 'x'", false),
        ("none != 'x'", true),
        ("tags contains 'y'", true),
        ("numbers contains 20", true),
        ("name contains 'Ann'", true),
        ("address contains 'city'", true),
        ("local >= '2026-05-27'", true),
        ("tags.size >= 3", true),
    ] {
        check_condition(expression, expected);
    }
    for expression in ["a ==", "a == b c", "a and", "vip %}", "{{ a == }}", "{% if %}", "a | nope"] {
        let fault = Condition::parse(expression).expect_err(expression);
        assert!(fault.starts_with("Template"), "{expression}: {fault}");
    }
}

#[test]
fn faults_are_one_sentence_with_their_place() {
    for (template, part) in [
        ("{{ a", "Template, column 1: is not closed"),
        ("x\n  {% if a %}", "Template, line 2 column 13"),
        ("{{ 'a }}", "a quote is not closed"),
        ("{{ a | nope }}", "there is no filter “nope”"),
        ("{% assign x = a | nope: 1 %}", "there is no filter “nope”"),
        ("{% include 'x' %}", "there is no tag “include”"),
        ("{% render 'x' %}", "there is no tag “render”"),
        ("{% %}", "a tag has no name"),
        ("{{ input.größe }}", "stand in brackets"),
        ("{% endif %}", "Template, column 1: “endif” closes nothing"),
        ("{% raw %}", "“raw” is not closed"),
        ("{{ a b }}", "Template, column"),
        ("{{ }}", "Template, column"),
        ("{% for x on y %}{% endfor %}", "“in” is expected here"),
        ("{{ a | append }}", "takes 1 arguments, not 0"),
        ("{{ a | append: x: 1 }}", "takes 1 arguments, not 0"),
        ("{{ a | default: 1, y: 2 }}", "has no argument “y”"),
        ("{{ name | plus: 1 }}", "the filter “plus” needs a number, not “Ann"),
        ("{{ 1 | divided_by: none }}", "the filter “divided_by” cannot divide by zero"),
        ("{{ name | date: '%F' }}", "is not a date or time"),
        ("{{ when | in_zone: 'Mars' }}", "knows no time zone “Mars”"),
        ("{{ when | format: 'q' }}", "“q” is not a standard .NET date pattern"),
        ("{{ name | parse_json }}", "found no JSON"),
        ("{% for c in name %}{% endfor %}", "a loop needs a list, not “Ann"),
        ("{{ address | reverse }}", "Array expected"),
    ] {
        check_fault(template, part);
    }
}

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
fn a_preview_shows_the_text_and_names_what_is_unknown() {
    let payload: Map<String, Value> = serde_json::from_str(PAYLOAD).unwrap();
    let preview_check = |template: &str, text: &str, problems: &[&str]| {
        let shown = preview(template, &payload, &TimeZone::UTC, "2026-05-27T13:15:30Z".parse().unwrap());
        assert_eq!(
            (shown.text.as_str(), shown.problems),
            (text, problems.iter().map(|&p| p.to_owned()).collect())
        );
        shown.unknown.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
    };
    preview_check("{{ memberId }} {{ run.receivedAt }}", "12345 2026-05-27T13:15:30+00:00", &[]);
    preview_check(
        "{{ input.memberID }}",
        "",
        &["This payload has no “input.memberID”; did you mean “memberId”?"],
    );
    preview_check("{{ sesionCode }}", "", &["This payload has no “sesionCode”; did you mean “sessionCode”?"]);
    let unknown = preview_check("{{ colour | default: '-' }}", "-", &["This payload has no “colour”"]);
    assert_eq!(unknown, ["colour"], "so that the editor can underline it");
    preview_check("{{ a", "", &["Template, column 1: is not closed: {{ … }}"]);
    preview_check(
        "{{ name | plus: 1 }}",
        "",
        &["Template: the filter “plus” needs a number, not “Ann \"Ä\" O'Neill”"],
    );
}
