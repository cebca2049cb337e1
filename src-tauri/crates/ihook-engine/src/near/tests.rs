use proptest::prelude::*;

use super::*;

fn names<'a>(known: impl IntoIterator<Item = &'a str>) -> Names {
    let mut names = Names::default();
    known.into_iter().for_each(|name| names.add(name));
    names
}

#[test]
fn a_slip_is_one_letter_or_the_way_a_name_is_written() {
    let check = |name: &str, expected: Option<&str>| {
        let known = names(["memberId", "line1", "e-mail", "ab", "sessionCode", "sessionCodes"]);
        assert_eq!(known.near(name), expected, "{name}");
    };
    check("memberID", Some("memberId"));
    check("member_id", Some("memberId"));
    check("memberIdx", Some("memberId"));
    check("membrId", Some("memberId"));
    check("memberXd", Some("memberId"));
    check("memebrId", Some("memberId"));
    check("emberId", None);
    check("emmberId", Some("memberId"));
    check("xemberId", None);
    check("membreXd", None);
    check("line2", None);
    check("lime1", Some("line1"));
    check("line", None);
    check("EMail", Some("e-mail"));
    check("emial", Some("e-mail"));
    check("ba", Some("ab"));
    check("a", Some("ab"));
    check("sessionCodex", Some("sessionCode"));
    check("", None);
    check("nothing", None);
    let long = "x".repeat(100);
    assert_eq!(names([long.as_str()]).near(&long.to_uppercase()), Some(long.as_str()));
    assert_eq!(
        names([long.as_str()]).near(&"x".repeat(99)),
        None,
        "a long name is found in another spelling only"
    );
}

/// The most that a template and a payload can bring together: 1,200 names over 30,000 members.
#[test]
fn the_work_grows_with_the_letters_and_not_with_the_pairs() {
    let members = |form: fn(u32) -> String| (0..30_000).map(form).collect::<Vec<_>>();
    for form in [
        (|at| format!("field{at:05}")) as fn(u32) -> String,
        |at| format!("a{}b", char::from_u32(0x4E00 + at % 20_000).unwrap()),
        |at| format!("{}ab", char::from_u32(0x4E00 + at % 20_000).unwrap()),
        |at| format!("xa{}b", char::from_u32(0x4E00 + at % 20_000).unwrap()),
        |at| "_".repeat(at as usize % 100) + "same",
    ] {
        let members = members(form);
        let known = names(members.iter().map(String::as_str));
        let letters: usize = members.iter().map(String::len).sum();
        assert!(known.steps.get() <= letters, "entering {letters} letters: {} steps", known.steps.get());
        let before = known.steps.get();
        for at in 0..1_200 {
            let _ = known.near(&form(at).replace('a', "xa"));
        }
        let looks = known.steps.get() - before;
        assert!(looks <= 1_200 * 4 * 16, "{looks} looks");
    }
}

proptest! {
    #[test]
    fn what_is_found_is_the_first_that_a_comparison_of_all_finds(
        known in prop::collection::vec("[abA_1]{0,5}", 0..12),
        name in "[abA_1]{0,5}",
    ) {
        let expected = known.iter().find(|known| is_slip(known, &name) && has_same_digits(known, &name));
        let names = names(known.iter().map(String::as_str));
        prop_assert_eq!(names.near(&name), expected.map(String::as_str));
    }
}
