//! Times through `date`, `format` and `in_zone`, on a site in New York.

use super::check;

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

/// On November 1, 2026 the clocks of New York show the hour from one to two twice: first with -04:00, then
/// with -05:00.
#[test]
fn an_instant_in_the_repeated_hour_stays_the_same_instant_through_every_filter() {
    for (template, expected) in [
        ("{{ T | date: '%F %T %z %Z' }}", "2026-11-01 01:30:00 -0500 EST"),
        ("{{ '2026-11-01T05:30:00Z' | date: '%T %z' }}", "01:30:00 -0400"),
        ("{{ T | date: '%s' }} {{ T | in_zone | date: '%s' }}", "1793514600 1793514600"),
        (
            "{{ T | format: 'yyyy-MM-ddTHH:mm:ssK' }} {{ T | format: 'R' }}",
            "2026-11-01T01:30:00-05:00 Sun, 01 Nov 2026 06:30:00 GMT",
        ),
        ("{{ T | in_zone }} {{ T | date }}", "2026-11-01T01:30:00 2026-11-01T01:30:00"),
        (
            "{{ T | in_zone | in_zone: 'UTC' }} {{ T | date | in_zone: 'UTC' }}",
            "2026-11-01T06:30:00 2026-11-01T06:30:00",
        ),
        ("{{ T | in_zone: 'Europe/Berlin' | date: '%T %:z' }}", "07:30:00 +01:00"),
        ("{{ T | in_zone: 'Europe/Berlin' | format: 'HH:mm zzz' }}", "07:30 +01:00"),
        (
            "{{ T | in_zone: 'Europe/Berlin' | in_zone: 'America/New_York' | format: 'HH:mmK' }}",
            "01:30-05:00",
        ),
        ("{% assign t = T | in_zone %}{{ t | default: 'none' | date: '%T %z' }}", "01:30:00 -0500"),
        ("{{ '2026-11-01T01:30:00-05:00' | in_zone: 'UTC' | date: '%T' }}", "06:30:00"),
        // What names no offset is still only what a clock shows, which here is the first of the two.
        ("{{ '2026-11-01T01:30:00' | date: '%T %z' }}", "01:30:00 -0400"),
        // The hour that is left out in spring.
        ("{{ '2026-03-08T07:30:00Z' | in_zone | format: 'HH:mmK' }}", "03:30-04:00"),
    ] {
        check(&template.replace("T |", "'2026-11-01T06:30:00Z' |"), expected);
    }
}

#[test]
fn patterns_are_those_of_ruby() {
    for (template, expected) in [
        ("{{ when | date: '%x|%X|%D|%r|%R' }}", "05/27/26|09:15:00|05/27/26|09:15:00 AM|09:15"),
        ("{{ when | date: '%c' }}", "Wed May 27 09:15:00 2026"),
        ("{{ '2026-05-27T09:15:00.25' | date: '%L %N %3N' }}", "250 250000000 250"),
        ("{{ when | date: '%v %+' }}", "27-MAY-2026 Wed May 27 09:15:00 EDT 2026"),
        (
            "{{ when | date: '%A %a %B %b %j %U %u %w %y %P %I %l %e' }}",
            "Wednesday Wed May May 147 21 3 3 26 am 09  9 27",
        ),
        ("{{ when | date: '%%L %-m/%-d %^a %10Y' }}", "%L 5/27 WED 0000002026"),
    ] {
        check(template, expected);
    }
}
