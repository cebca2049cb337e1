//! What is taken and what is refused, whole and in pieces.

use proptest::prelude::*;

use super::*;

fn events(pieces: &[&[u8]]) -> (Vec<Event>, usize) {
    let (mut framing, mut events, mut passed) = (Framing::default(), Vec::new(), 0);
    for piece in pieces {
        passed += framing.feed(piece, |event| events.push(event));
    }
    (events, passed)
}

/// The head of a POST with these lines beside, and what is wrong with it.
fn check(lines: &str, fault: Option<&str>) {
    let head = format!("POST /hooks/a/b HTTP/1.1\r\n{lines}\r\n");
    let found = match events(&[head.as_bytes()]).0.first() {
        Some(Event::Head(Some(Fault::Bad(reason)))) => Some(*reason),
        Some(Event::Head(Some(Fault::LongTarget))) => Some("414"),
        Some(Event::Head(None)) => None,
        other => panic!("{lines:?} completed no head: {other:?}"),
    };
    match (found, fault) {
        (None, None) => {}
        (Some(reason), Some(part)) if reason.contains(part) => {}
        _ => panic!("{lines:?}: {found:?} instead of {fault:?}"),
    }
}

#[test]
fn a_head_has_one_host_and_one_length() {
    check("Host: a\r\n", None);
    check("hOsT: [::1]:8787\r\n", None);
    check("Host: a\r\nContent-Length: 3\r\n", None);
    check("Host: a\r\nTransfer-Encoding: Chunked\r\n", None);
    check("Host: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n", None);
    check("", Some("exactly one Host"));
    check("Host: a\r\nHost: a\r\n", Some("exactly one Host"));
    check("Host:\r\n", Some("not a host name"));
    check("Host: a b\r\n", Some("not a host name"));
    check("Host: me@a\r\n", Some("not a host name"));
    check("Host: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n", Some("one Content-Length"));
    check("Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", Some("one Content-Length"));
    check("Host: a\r\nContent-Length: 3, 3\r\n", Some("number of bytes"));
    check("Host: a\r\nContent-Length: +3\r\n", Some("number of bytes"));
    check("Host: a\r\nContent-Length: 99999999999999999999\r\n", Some("number of bytes"));
    check("Host: a\r\nTransfer-Encoding: gzip, chunked\r\n", Some("only Transfer-Encoding"));
    check("Host: a\r\nTransfer-Encoding: identity\r\n", Some("only Transfer-Encoding"));
    check(
        "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        Some("only Transfer-Enc"),
    );
    check("Host: a\nX: y\r\n", Some("CR LF"));
    check("Host: a\r\n folded\r\n", Some("cannot be read"));
    check("Host : a\r\n", Some("cannot be read"));
    check(&"X: y\r\n".repeat(65), Some("cannot be read"));
}

#[test]
fn a_target_is_short_and_names_the_same_host() {
    let check = |line: &str, fine: bool| {
        let head = format!("{line} HTTP/1.1\r\nHost: a:1\r\n\r\n");
        let fault = events(&[head.as_bytes()]).0[0];
        assert_eq!(fault == Event::Head(None), fine, "{line}: {fault:?}");
    };
    check("POST /hooks/a/b", true);
    check("POST http://A:1/hooks/a/b", true);
    check("POST http://b:1/hooks/a/b", false);
    check("POST http:///hooks/a/b", false);
    check("POST /x?to=http://b/", true);
    check("OPTIONS *", true);
    check(&format!("POST /{}", "x".repeat(MAX_TARGET)), false);
}

#[test]
fn one_request_after_another_is_followed() {
    let two = b"\r\nPOST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\
        POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
        5;x=y\r\nhello\r\n00\r\nTrailer: z\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n";
    let (found, passed) = events(&[two]);
    let request = [Event::Head(None), Event::Complete];
    assert_eq!(found, [request, request, request].concat());
    assert_eq!(passed, two.len());
}

#[test]
fn nothing_after_a_fault_is_passed_on() {
    let head = "POST /1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
    let both = format!("{head}POST /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    let (found, passed) = events(&[both.as_bytes()]);
    assert!(matches!(found[..], [Event::Head(Some(_))]), "{found:?}");
    assert_eq!(passed, head.len());

    let chunked = "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in
        ["x", "\r\n", "5\n", "5\r\nhelloX", "5\r\nhello\n", "FFFFFFFFFFFFFFFFF\r\n", "0\r\n\n", "0\r\nx\n"]
    {
        let text = format!("{chunked}{body}0\r\n\r\n");
        let (found, passed) = events(&[text.as_bytes()]);
        assert_eq!(found, [Event::Head(None)], "{body:?} completes nothing");
        assert!(passed < chunked.len() + body.len(), "{body:?} is cut off at its fault");
    }
}

/// Bytes that are nearly requests.
fn traffic() -> impl Strategy<Value = Vec<u8>> {
    let parts = [
        "POST /a HTTP/1.1\r\n",
        "GET http://a/ HTTP/1.0\r\n",
        "Host: a\r\n",
        "Host: b\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n",
        "\n",
        "\r",
        "abc",
        "3\r\nabc\r\n",
        "0\r\n",
        "a;b\r\n",
        "X: y\r\n",
    ];
    let part = prop_oneof![
        8 => prop::sample::select(parts.to_vec()).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn however_the_bytes_are_split_they_mean_the_same(bytes in traffic(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let whole = events(&[&bytes]);
        let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        let pieces: Vec<_> = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(events(&pieces), whole);
        prop_assert!(events(&[&bytes]).1 <= bytes.len());
    }
}
