//! No template hangs the program, fills its memory or ends it.

use std::time::Duration;

use super::{Template, check, check_fault, fault_within, scope_of};

#[test]
fn a_template_can_neither_hang_the_program_nor_eat_its_memory() {
    let doubled = "{% assign a = a | append: a %}".repeat(40);
    let captured = "{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40);
    let concatenated = "{% assign l = l | concat: l %}".repeat(40);
    let nested = format!("{}x{}", "{% for i in (1..99) %}".repeat(5), "{% endfor %}".repeat(5));
    let deep = format!("{}{}", "{% if 1 %}".repeat(100), "{% endif %}".repeat(100));
    let brackets = format!("{{{{ {}1{} }}}}", "a[".repeat(2000), "]".repeat(2000));
    let busy = format!("{{% for i in (1..10000) %}}{}{{% endfor %}}", "{{ a }}".repeat(1000));
    let tests =
        format!("{{% for i in (1..10000) %}}{}{{% endfor %}}", "{% if 1==2 %}{% endif %}".repeat(600));
    let chain = format!("{{% for i in (1..10000) %}}{{{{ 'a'{} }}}}{{% endfor %}}", "|upcase".repeat(2000));
    let or = format!(
        "{{% for i in (1..10000) %}}{{% if {}0 %}}{{% endif %}}{{% endfor %}}",
        "'a'=='b' or ".repeat(1200)
    );
    for (template, part) in [
        (&*or, "too much work"),
        (
            "{% assign a = 'a' %}{% for i in (1..18) %}{% assign a = a | append: a %}{% endfor %}{% for i in (1..9000) %}{% if a contains 'b' %}{% endif %}{% endfor %}",
            "too m",
        ),
        ("{% for i in (1..100000000) %}x{% endfor %}", "run more than 10000 times in all"),
        (
            "{% for i in (-9223372036854775807..9223372036854775807) %}x{% endfor %}",
            "run more than 10000 times",
        ),
        ("{% tablerow i in (1..100000000) %}x{% endtablerow %}", "run more than 10000 times"),
        (&nested, "run more than 10000 times"),
        (&format!("{{% assign a = 'aaaaaaaa' %}}{doubled}{{{{ a }}}}"), "more than 1 MiB"),
        (&format!("{{% assign a = 'aaaaaaaa' %}}{captured}"), "longer than 64 KiB"),
        (&format!("{{% assign l = 'a,b' | split: ',' %}}{concatenated}"), "more than 1 MiB"),
        ("{% for i in (1..9999) %}{{ name }}{{ name }}{% endfor %}", "output is longer than 64 KiB"),
        (&busy, "too much work"),
        (&tests, "too much work"),
        (&chain, "too much work"),
        (&deep, "more than 32 deep"),
        (&brackets, "more than 8 deep"),
        (&"x".repeat(16 * 1024 + 1), "longer than 16 KiB"),
        (
            "{% assign a = 'a' %}{% for i in (1..16) %}{% assign a = a | append: a %}{% endfor %}{{ a | replace: 'a', a }}",
            "more than 1 MiB",
        ),
        (
            "{% assign a = 'a' %}{% for i in (1..18) %}{% assign a = a | append: a %}{% endfor %}{{ a | split: '' | join: a }}",
            "more than 10000 items",
        ),
        (
            "{% assign a = 'a' %}{% for i in (1..18) %}{% assign a = a | append: a %}{% endfor %}{% for i in (1..1000) %}{% assign b = a | upcase %}{% endfor %}",
            "too m",
        ),
    ] {
        check_fault(template, part);
    }
    check("{{ (1..100000000) | size }} {{ (1..100000000) | last }}", "100000000 100000000");
    check("{{ when | date: '%999999999d' }}", "%999999999d");
    check("{% for i in (1..100000000) limit:3 %}{{ i }}{% endfor %}", "123");
    check("{% for i in (5..1) %}{{ i }}{% endfor %}{% for i in (none..2) %}{{ i }}{% endfor %}", "012");
}

#[test]
fn what_a_payload_holds_is_paid_for_when_it_is_gone_through() {
    let payload = serde_json::json!({"blanks": vec![""; 200_000], "words": vec!["a b"; 30_000]}).to_string();
    let scope = scope_of(&payload);
    for template in [
        "{% for i in (1..10000) %}{{ blanks }}{% endfor %}",
        "{% for i in (1..10000) %}{% if input == words %}{% endif %}{% endfor %}",
        "{% for i in (1..10000) %}{% assign x = words | where: 'a' | first %}{% endfor %}",
        "{% for i in (1..10000) %}{% assign x = input | json %}{% endfor %}",
    ] {
        let started = std::time::Instant::now();
        let fault = Template::parse(template).unwrap().render(&scope).expect_err(template);
        assert!(fault.contains("too much work") || fault.contains("more than 1 MiB"), "{template}: {fault}");
        assert!(started.elapsed() < Duration::from_secs(5), "{template} took {:?}", started.elapsed());
    }
    let cheap = "{% for i in (1..9999) %}{% if blanks.size == 1 %}{% endif %}{% assign x = blanks | last %}{% endfor %}y";
    assert_eq!(Template::parse(cheap).unwrap().render(&scope).as_deref(), Ok("y"));
}

#[test]
fn ranges_cycles_and_branches_that_repeat_are_bounded_too() {
    let repeated = "{% case 1 %}{% when 1, 1, 1, 1, 1, 1, 1, 1 %}".repeat(20);
    let repeated = format!("{repeated}{{% assign x = 1 %}}{}", "{% endcase %}".repeat(20));
    let grown = "{% assign a = 'a' %}{% for i in (1..15) %}{% assign a = a | append: a %}{% endfor %}";
    let cycles = "{% for i in (1..9000) %}{% assign b = a | append: i %}{% cycle b: 1 %}{% endfor %}";
    for (template, part) in [
        ("{{ (1..100000000) | join }}", "gives more than 10000 items"),
        ("{{ (1..100000000) | slice: 0, 99999 }}", "gives more than 10000 items"),
        ("{{ (1..100000000) | json }}", "more than 1 MiB"),
        (&*format!("{grown}{cycles}"), "too m"),
        (&*repeated, "too much work"),
    ] {
        check_fault(template, part);
    }
}

/// Refused long before their work is done, so that a build without optimisation on a busy machine is quick too.
#[test]
fn a_hundred_million_iterations_and_forty_doublings_fail_within_a_second() {
    let doubled = "{% assign a = a | append: a %}".repeat(40);
    for (template, part) in [
        ("{% for i in (1..100000000) %}x{% endfor %}", "run more than 10000 times in all"),
        (
            "{% for i in (1..10000) %}{% for j in (1..10000) %}x{% endfor %}{% endfor %}",
            "run more than 10000 times in all",
        ),
        (&format!("{{% assign a = 'aaaaaaaa' %}}{doubled}{{{{ a }}}}"), "more than 1 MiB"),
    ] {
        fault_within(Duration::from_secs(1), template, part);
    }
}

#[test]
fn long_alternatives_do_not_exhaust_a_small_stack() {
    let or = format!("{{% if {}1 == 1 %}}y{{% endif %}}", "a or ".repeat(3000));
    let elsif = format!("{{% if no %}}{}{{% else %}}y{{% endif %}}", "{% elsif no %}".repeat(1000));
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let nested = format!("{}y{}", "{% if true %}".repeat(32), "{% endif %}".repeat(32));
    let run = move || [or, elsif, nested].iter().for_each(|template| check(template, "y"));
    thread.spawn(run).unwrap().join().expect("a worker's stack is enough");
}
