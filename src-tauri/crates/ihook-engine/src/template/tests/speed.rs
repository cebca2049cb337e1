//! What rendering costs; run with `--release -- --ignored speed`.

use std::time::{Duration, Instant};

use super::{Scope, Template, scope_of};

const CHECK_IN: &str = r#"{"memberId":"12345","eventCode":"ANNUAL26","sessionCode":"KEYNOTE",
    "checkInTime":"2026-05-27T09:15:00","deviceId":"kiosk-7"}"#;

fn each(rounds: u32, mut work: impl FnMut()) -> Duration {
    let started = Instant::now();
    (0..rounds).for_each(|_| work());
    started.elapsed() / rounds
}

#[test]
#[ignore = "measures, and means something only in release on an idle machine"]
fn speed_of_a_mapping_with_four_fields() {
    let sources = ["{{ input.memberId }}", "ATTEND", "{{ input.checkInTime }}", "{{ input.eventCode }}"];
    let templates = sources.map(|source| Template::parse(source).unwrap());
    let render = |scope: &Scope| templates.iter().for_each(|template| drop(template.render(scope)));
    let (ready, date) = (scope_of(CHECK_IN), Template::parse("{{ checkInTime | date: '%F' }}").unwrap());
    let whole = each(20_000, || render(&scope_of(CHECK_IN)));
    println!("scope and four fields: {whole:?}");
    println!("four fields: {:?}", each(20_000, || render(&ready)));
    println!("a date: {:?}", each(20_000, || drop(date.render(&ready))));
    println!("parse: {:?}", each(2_000, || drop(Template::parse(sources[0]))));
    for (name, text) in [
        ("outputs", format!("{{% for i in (1..10000) %}}{}{{% endfor %}}", "{{ a }}".repeat(1000))),
        ("filters", format!("{{% for i in (1..10000) %}}{{{{ 'a'{} }}}}{{% endfor %}}", "|upcase".repeat(2000))),
        ("tests", format!("{{% for i in (1..10000) %}}{}{{% endfor %}}", "{% if 1==2 %}{% endif %}".repeat(600))),
        ("or", format!("{{% for i in (1..10000) %}}{{% if {}0 %}}{{% endif %}}{{% endfor %}}", "'a'=='b' or ".repeat(1200))),
        ("doubling", format!("{{% assign a = 'aaaaaaaa' %}}{}", "{% assign a = a | append: a %}".repeat(40))),
        ("big text", "{% assign a = 'a' %}{% for i in (1..18) %}{% assign a = a | append: a %}{% endfor %}{% for i in (1..9000) %}{% if a contains 'b' %}{% endif %}{% endfor %}".to_owned()),
    ] {
        let template = Template::parse(&text).unwrap();
        let took = each(1, || drop(template.render(&ready)));
        println!("a hostile template ({name}): {took:?}");
        assert!(took < Duration::from_secs(1), "a hostile template fails within a second");
    }
    assert!(whole < Duration::from_micros(20), "four fields with their scope in {whole:?}");
}
