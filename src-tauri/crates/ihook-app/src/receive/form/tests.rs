//! What forms of every kind become, and what is refused of them.

use serde_json::json;

use super::*;

const URL_ENCODED: &str = "application/x-www-form-urlencoded";

fn check(content_type: &str, body: &[u8], expected: Result<Value, &str>) {
    let found = parse(content_type, body).map(Value::Object);
    let shown = String::from_utf8_lossy(body);
    match expected {
        Ok(expected) => assert_eq!(found, Ok(expected), "{content_type}: {shown}"),
        Err(part) => {
            let fault = found.expect_err(&format!("{content_type}: {shown} is refused")).to_string();
            assert!(fault.starts_with("Invalid form: ") && fault.contains(part), "{shown}: {fault}");
        }
    }
}

#[test]
fn a_url_encoded_form_becomes_an_object() {
    let all = json!({ "name": "Ada L\u{fc}", "tag": ["a", "b", "c"], "empty": "", "bare": "", "": "x", "100%": "%zz" });
    check(URL_ENCODED, b"name=Ada+L%C3%BC&tag=a&tag=b&&tag=c&empty=&bare&=x&100%=%zz", Ok(all));
    check(URL_ENCODED, "name=L\u{fc}".as_bytes(), Ok(json!({ "name": "L\u{fc}" })));
    check(URL_ENCODED, b"", Ok(json!({})));
    check(URL_ENCODED, b"%24serde_json%3A%3Aprivate%3A%3ANumber=1", Err("reserved"));
    check(URL_ENCODED, b"$serde_json::private::RawValue=1", Err("reserved"));
}

#[test]
fn a_form_is_read_in_the_charset_it_declares_and_nothing_is_replaced() {
    let latin = "application/x-www-form-urlencoded; charset=ISO-8859-1";
    check(latin, b"n\xe4me=L%FC+%80", Ok(json!({ "n\u{e4}me": "L\u{fc} \u{20ac}" })));
    check(URL_ENCODED, b"name=L%FC", Err("\"name\" are not UTF-8"));
    check(URL_ENCODED, b"n\xe4me=1", Err("not UTF-8"));
    let named = json!({ "name": "\u{fc}", "_charset_": "windows-1252" });
    check(URL_ENCODED, b"name=%FC&_charset_=windows-1252", Ok(named));
    check(URL_ENCODED, b"name=%C3%BC&_charset_=", Ok(json!({ "name": "\u{fc}", "_charset_": "" })));
    let japanese = "application/x-www-form-urlencoded;charset=\"Shift_JIS\"";
    check(japanese, b"n=%82%a0", Ok(json!({ "n": "\u{3042}" })));
    check(japanese, b"n=%82", Err("not Shift_JIS"));
    check(latin, b"a=1&_charset_=utf-8", Err("two different charsets"));
    check(URL_ENCODED, b"_charset_=utf-8&_charset_=latin1", Err("two different charsets"));
    check(
        "application/x-www-form-urlencoded; charset=utf8",
        b"_charset_=UTF-8",
        Ok(json!({ "_charset_": "UTF-8" })),
    );
    check("application/x-www-form-urlencoded; charset=us-ascii", b"a=%FC", Err("not US-ASCII"));
    check("application/x-www-form-urlencoded; charset=utf-7", b"a=1", Err("\"utf-7\" is not known"));
    check("application/x-www-form-urlencoded; charset=utf-16", b"a=1", Err("UTF-16LE"));
    check("application/x-www-form-urlencoded; charset=iso-2022-kr", b"a=1", Err("not known"));
}

const MULTIPART: &str = "multipart/form-data; boundary=X";

/// Parts of a head (`~` for CR LF) and a content each.
fn parts(list: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, content) in list {
        body.extend(format!("--X\r\n{}\r\n\r\n", head.replace('~', "\r\n")).bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--X--\r\n");
    body
}

fn field(name: &str) -> String {
    format!("Content-Disposition: form-data; name=\"{name}\"")
}

#[test]
fn the_text_parts_of_a_multipart_form_become_an_object() {
    let (name, tag) = (field("name"), field("tag"));
    let body = parts(&[
        (&name, "L\u{fc}\r\n--Y".as_bytes()),
        (&tag, b"a"),
        (&tag, b"b"),
        (
            "content-disposition: FORM-DATA; name=bare~Content-Type: text/plain; charset=utf-8",
            b"\xef\xbb\xbfx",
        ),
        ("Content-Length: 1~Content-Disposition: form-data; name=\"a\\\"b%22%0D%0A%41\"", b""),
        (
            "Content-Disposition: form-data; name=\"photo\"; filename=\"\"~Content-Type: application/octet-stream",
            b"",
        ),
    ]);
    let object =
        json!({ "name": "L\u{fc}\r\n--Y", "tag": ["a", "b"], "bare": "x", "a\"b\"\r\n%41": "", "photo": "" });
    check(MULTIPART, &body, Ok(object.clone()));
    check("Multipart/Form-Data; charset=utf-8; boundary=\"X\"", &body, Ok(object));
    check(
        MULTIPART,
        b"\r\n--X \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--X--",
        Ok(json!({ "a": "1" })),
    );
    check(MULTIPART, b"--X--", Ok(json!({})));
    let spaced = "multipart/form-data; boundary=\"a b\"";
    check(
        spaced,
        b"--a b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--a b--",
        Ok(json!({ "a": "1" })),
    );
}

#[test]
fn every_part_has_its_own_charset_or_the_forms() {
    let (name, tag) = (field("n\u{fc}"), field("_charset_"));
    check(MULTIPART, &parts(&[(&name, "\u{fc}".as_bytes())]), Ok(json!({ "n\u{fc}": "\u{fc}" })));
    check(MULTIPART, &parts(&[(&field("a"), b"\xfc")]), Err("\"a\" are not UTF-8"));
    let object = json!({ "a": "\u{fc}", "_charset_": "latin1" });
    check(MULTIPART, &parts(&[(&field("a"), b"\xfc"), (&tag, b"latin1")]), Ok(object));
    let own = format!("{}~Content-Type: text/plain; charset=latin1", field("a"));
    check(
        MULTIPART,
        &parts(&[(&own, b"\xfc"), (&field("b"), "\u{fc}".as_bytes())]),
        Ok(json!({ "a": "\u{fc}", "b": "\u{fc}" })),
    );
    let wide = format!("{}~Content-Type: text/plain; charset=utf-16le", field("a"));
    check(MULTIPART, &parts(&[(&wide, b"\xff\xfeA\0")]), Ok(json!({ "a": "A" })));
    check(
        "multipart/form-data; charset=latin1; boundary=X",
        &parts(&[(&field("a"), b"\xfc")]),
        Ok(json!({ "a": "\u{fc}" })),
    );
    check(
        "multipart/form-data; charset=latin1; boundary=X",
        &parts(&[(&tag, b"utf-8")]),
        Err("two different"),
    );
}

#[test]
fn a_multipart_form_that_could_be_read_in_two_ways_is_refused() {
    let file = "Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"~Content-Type: image/png";
    check(MULTIPART, &parts(&[(file, b"PNG")]), Err("\"photo\" is a file"));
    let starred = "Content-Disposition: form-data; name=\"photo\"; filename*=UTF-8''a";
    check(MULTIPART, &parts(&[(starred, b"PNG")]), Err("\"photo\" is a file"));
    check(MULTIPART, &parts(&[(&field("$serde_json::private::Number"), b"1")]), Err("reserved"));
    check(MULTIPART, &parts(&[("X-A: b", b"1")]), Err("no Content-Disposition"));
    check(MULTIPART, &parts(&[("Content-Disposition: form-data", b"1")]), Err("no Content-Disposition"));
    check(
        MULTIPART,
        &parts(&[("Content-Disposition: attachment; name=a", b"1")]),
        Err("no Content-Disposition"),
    );
    let twice = format!("{}~{}", field("a"), field("b"));
    check(MULTIPART, &parts(&[(&twice, b"1")]), Err("two headers Content-Disposition"));
    let coded = format!("{}~Content-Transfer-Encoding: base64", field("a"));
    check(MULTIPART, &parts(&[(&coded, b"MQ==")]), Err("encoded"));
    let nested = format!("{}~Content-Type: Multipart/Mixed; boundary=Y", field("a"));
    check(MULTIPART, &parts(&[(&nested, b"--Y--")]), Err("parts of its own"));
    check(MULTIPART, &parts(&[("no header", b"1")]), Err("cannot be read"));
    let long = format!("X-A: {}~{}", "b".repeat(9000), field("a"));
    check(MULTIPART, &parts(&[(&long, b"1")]), Err("8 KiB"));
    let whole = parts(&[(&field("a"), b"1")]);
    check("multipart/form-data", &whole, Err("no boundary"));
    check("multipart/form-data; boundary=Y", &whole, Err("does not begin"));
    check(MULTIPART, &whole[..whole.len() - 6], Err("ends before"));
    check(MULTIPART, &[b"hello\r\n", whole.as_slice()].concat(), Err("does not begin"));
    check(MULTIPART, &[whole.as_slice(), b"more"].concat(), Err("follows the last"));
    check(
        MULTIPART,
        &String::from_utf8(whole).unwrap().replace("--X\r\n", "--XY\r\n").into_bytes(),
        Err("in its line"),
    );
    check(MULTIPART, b"--X\n\n--X--", Err("in its line"));
    check(MULTIPART, b"", Err("does not begin"));
}

#[test]
fn only_the_one_content_type_makes_a_form() {
    let check = |values: &[&str], expected: bool| {
        let headers: HeaderMap =
            values.iter().map(|value| (header::CONTENT_TYPE, value.parse().unwrap())).collect();
        assert_eq!(is_sent(&headers), expected, "{values:?}");
    };
    check(&["Application/X-WWW-Form-Urlencoded;charset=utf-8"], true);
    check(&["multipart/form-data; boundary=x"], true);
    check(&["multipart/mixed; boundary=x"], false);
    check(&["application/json"], false);
    check(&[URL_ENCODED, URL_ENCODED], false);
    check(&[], false);
}
