//! What Liquid has beyond the first few tags and filters. The public suite (golden.rs) goes further.

use super::check;

#[test]
fn text_is_split_joined_and_mapped_as_liquid_does() {
    for (template, expected) in [
        ("{{ ' Ann  Lee ' | split: ' ' | join: '|' }}", "Ann|Lee"),
        ("{{ ' Ann  Lee ' | split: ' ' | size }} {{ ',a,,b,,' | split: ',' | join: '|' }}", "2 |a||b"),
        ("{{ 'äöü' | split: '' | reverse | join: '' }}", "üöä"),
        (
            "{{ attendees | map: 'city' | size }}{{ attendees | map: 'city' | json }}",
            r#"3["Rome",null,"Bonn"]"#,
        ),
        ("{{ tags | concat: numbers | join }} {{ tags | first }}{{ tags | last }}", "x y x 3 20 1.5 xx"),
        (
            "{{ tags | uniq | size }} {{ tags | slice: 1, 2 | join: ',' }} {{ 'abc' | slice: -2, 2 }}",
            "2 y,x bc",
        ),
        ("{{ numbers | sort | first }} {{ 'b,A,c' | split: ',' | sort_natural | join }}", "1.5 A b c"),
        ("{{ (3..1) | size }} {{ (1..3) | sum }} {{ (1..3) | last }} {{ (2..4) }}", "0 6 3 2..4"),
        ("{{ 'one two three' | truncatewords: 2 }} {{ 'a b' | truncatewords: 2 }}", "one two... a b"),
    ] {
        check(template, expected);
    }
}

#[test]
fn items_are_chosen_by_their_properties() {
    for (template, expected) in [
        ("{{ attendees | where: 'city' | map: 'id' | join }}", "1 3"),
        ("{{ attendees | reject: 'city' | map: 'id' | join }}", "2"),
        ("{{ attendees | where: 'city', 'Bonn' | json }}", r#"[{"id":3,"city":"Bonn"}]"#),
        ("{% assign a = attendees | find: 'id', 2 %}{{ a | json }}", r#"{"id":2}"#),
        ("{{ attendees | find_index: 'id', 3 }} {{ attendees | find_index: 'id', 9 }}", "2 "),
        ("{{ attendees | has: 'city', 'Rome' }} {{ attendees | has: 'zip' }}", "true false"),
        ("{{ '[{\"b\":false},{\"b\":1}]' | parse_json | where: 'b', false | json }}", r#"[{"b":false}]"#),
        ("{{ attendees | compact: 'city' | size }} {{ attendees | sum: 'id' }}", "2 6"),
    ] {
        check(template, expected);
    }
}

#[test]
fn texts_are_changed_encoded_and_decoded() {
    for (template, expected) in [
        ("{{ 'a-b-c' | replace_last: '-', '+' }} {{ 'a-b-c' | remove_last: '-' }}", "a-b+c a-bc"),
        (
            "{{ 'Köln' | base64_encode }} {{ 'S8O2bG4=' | base64_decode }} {{ 'S8O2bG4' | base64_decode }}",
            "S8O2bG4= Köln Köln",
        ),
        ("{{ '??>' | base64_url_safe_encode }} {{ 'Pz8-' | base64_url_safe_decode }}", "Pz8- ??>"),
        ("{{ 'a b&c' | url_encode }} {{ 'a+b%26c' | url_decode }}", "a+b%26c a b&c"),
        ("{{ '<b>x</b>' | strip_html }}{{ ' x ' | lstrip }}{{ ' x ' | rstrip }}.", "xx  x."),
        ("{{ '{{ x }}' | upcase }} {{ '&lt;<' | escape_once }}", "{{ X }} &lt;&lt;"),
    ] {
        check(template, expected);
    }
}

#[test]
fn tags_for_several_lines_and_for_comments() {
    for (template, expected) in [
        (
            "{% liquid\n  # how many\n  assign n = tags | size\n  if n > 2\n    echo n | append: ' tags'\n  endif\n%}",
            "3 tags",
        ),
        ("{% echo name | size %}{% # nothing %}{% doc %}{{ what {% enddoc %}.", "15."),
        ("{% comment %}{% if %}{{ a | | b }}{% endcomment %}x{% raw %}{% {{ x {% endraw %}", "x{% {{ x "),
        ("a \t\n{%- if true -%}\t b \r\n{%- endif %} c", "ab c"),
        ("{% if true %}\n  {% assign x = 1 %}\n{% endif %}{{ x }}", "1"),
        (
            "{% for i in (1..5) limit: 2 %}{{ i }}{% endfor %}-{% for i in (1..5) offset: continue %}{{ i }}{% endfor %}",
            "12-345",
        ),
        ("{% for t in tags %}{{ forloop.name }}{{ forloop.rindex }} {% break %}{% endfor %}", "t-tags3 "),
        (
            "{% tablerow t in tags cols: 2 limit: 1 %}{{ tablerowloop.col }}{% endtablerow %}",
            "<tr class=\"row1\">\n<td class=\"col1\">1</td></tr>\n",
        ),
        (
            "{% case 1 %}{% when 1 or 2 %}a{% else %}b{% endcase %}{% case 3 %}{% when 1, 2 %}a{% else %}b{% endcase %}",
            "ab",
        ),
        (
            "{{ ['memberId'] }} {{ input[\"line\nbreak\"] }}{{ tags [ 0 ] }}{{ address . city }}",
            "12345 xKöln",
        ),
        ("{% assign a-b = 1 %}{% assign _x = 2 %}{{ a-b }}{{ _x }}{{ input.a-b }}", "12dash"),
    ] {
        check(template, expected);
    }
}

#[test]
fn arithmetic_keeps_a_fraction_where_one_was_written() {
    for (template, expected) in [
        ("{{ 10 | plus: 2.0 }} {{ 10 | divided_by: 2.0 }} {{ 0 | divided_by: 1.1 }}", "12.0 5.0 0.0"),
        ("{{ 20 | divided_by: 7.0 }} {{ 1 | divided_by: 3.0 }}", "2.857142857142857 0.3333333333333333"),
        (
            "{{ 5.666 | round: 1.2 }} {{ 1234 | round: -2 }} {{ 5.0 | round: 2 }} {{ 5.4 | round }}",
            "5.7 1200 5.0 5",
        ),
        ("{{ price | abs }} {{ -0.50 | abs }} {{ 8.90 | at_least: 5 }}", "12.50 0.50 8.90"),
        ("{{ price | plus: 0.50 }} {{ price | minus: price }}", "13.0 0.0"),
        ("{{ 007 }} {{ 0.50 }} {{ 00 }} {{ -5 }}", "7 0.50 0 -5"),
    ] {
        check(template, expected);
    }
}
