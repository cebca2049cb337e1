mod conditions;
mod differences;
mod faults;
mod golden;
mod language;
mod limits;
mod random;
mod scopes;
mod times;
mod values;

use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::*;
use crate::time::SiteTime;

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
    let site = SiteTime::usual(crate::time::zone_named("America/New_York").unwrap());
    let received_at = "2026-05-27T13:15:30Z".parse().unwrap();
    Scope::new(&payload, &RunFacts { run_id: "r1", workflow_name: "Check-in", received_at, site: &site })
}

/// The names of a delivery with this payload.
pub(crate) fn scope_over(payload: &Value) -> Scope {
    scope_of(&payload.to_string())
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
            "<tr class=\"row1\">\n<td class=\"col1\">x</td><td class=\"col2\">y</td></tr>\n<tr class=\"row2\"><td class=\"col1\">x</td></tr>\n",
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
            "b aa+b&lt;b&gt;",
        ),
        (
            "{{ attendees | map: 'city' | join: '/' }} {{ attendees | where: 'city', 'Bonn' | map: 'id' }}",
            "Rome//Bonn 3",
        ),
        (
            "{{ numbers | sort | join: ' ' }} {{ attendees | sort: 'city' | map: 'id' | join: '' }}",
            "1.5 3 20 312",
        ),
        (
            "{{ json | parse_json | json }}{% assign p = json | parse_json %} {{ p.a[1] }} {{ p.a.size }}",
            "{\"a\":[1,12.50]} 12.50 2",
        ),
        ("{{ name | json }}", "\"Ann \\\"Ä\\\" O'Neill\""),
    ] {
        check(template, expected);
    }
}
