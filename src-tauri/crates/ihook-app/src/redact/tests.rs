use serde_json::json;

use super::names::is_secret;
use super::*;

const PASSWORD: &str = "Correct Horse&\"Battery\"=Stäple 7Q";
const TOKEN: &str = "x9_0kQzJ3vTt4mB-8sYpLr2WcNf7GhUe1aDiXoMb5Ec";

fn redactor() -> Redactor {
    let redactor = Redactor::default();
    redactor.learn("connection/live", PASSWORD);
    redactor.learn("secret/short", "hunter2");
    redactor.learn("secret/tiny", "abc");
    redactor.learn_tokens(HashSet::from([crate::endpoints::hash(TOKEN)]));
    redactor
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(redactor().text(text), expected, "{text}");
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn a_hook_token_is_hidden_wherever_it_stands_and_however_it_is_encoded() {
    check(&format!("/hooks/k/{TOKEN}?a=1"), "/hooks/k/…?a=1");
    check(TOKEN, "…");
    check(&format!("https://h/hooks/k/{}/", percent(TOKEN)), "https://h/hooks/k/…/");
    check(&format!("/hooks/k/{}", TOKEN.replace('_', "%5F").replace('-', "%2d")), "/hooks/k/…");
    check(
        &format!("?to=https%3A%2F%2Fh%2Fhooks%2Fk%2F{TOKEN}%3Fa%3D1"),
        "?to=https%3A%2F%2Fh%2Fhooks%2Fk%2F…%3Fa%3D1",
    );
    check(&format!("?to={}", percent(&percent(TOKEN))), "?to=…");
    check(&format!("{TOKEN} and {TOKEN}"), "… and …");
    let other = TOKEN.replace('9', "8");
    check(&format!("/hooks/k/{other}"), &format!("/hooks/k/{other}"));
}

#[test]
fn a_known_secret_is_hidden_in_every_form_that_systems_write_it_in() {
    let html = PASSWORD.replace('&', "&amp;").replace('"', "&quot;");
    let dotnet = PASSWORD.replace('&', "\\u0026").replace('"', "\\u0022").replace('ä', "\\u00E4");
    let json = serde_json::to_string(PASSWORD).unwrap();
    for form in [PASSWORD.to_owned(), percent(PASSWORD), html, dotnet, json.trim_matches('"').to_owned()] {
        check(&format!("It was <{form}>."), "It was <…>.");
    }
    let form = PASSWORD.replace('&', "%26").replace('"', "%22").replace('=', "%3D").replace(' ', "+");
    check(&format!("a=1&b={}&c=2", form.replace('ä', "%C3%A4")), "a=1&b=…&c=2");
    for user in ["u", "us", "use", "user"] {
        use base64::Engine as _;
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{PASSWORD}"));
        let kept = redactor().text(&basic).into_owned();
        // A character at each end carries bits of its neighbors.
        assert!(kept.contains('…') && kept.chars().count() <= user.len() * 2 + 6, "{basic} became {kept}");
    }
}

#[test]
fn a_short_secret_is_hidden_as_a_whole_value_alone_and_a_tiny_one_is_none() {
    check("hunter2", "…");
    check(" hunter2 ", "…");
    check("hunter22", "hunter22");
    check("abc", "abc");
    let body = json!({ "text": "hunter2", "list": [format!("<{PASSWORD}>")], PASSWORD: 1 });
    assert_eq!(redactor().value(body), json!({ "text": "hunter2", "list": ["<…>"], "…": 1 }));
}

#[test]
fn the_last_two_of_a_name_are_hidden() {
    let redactor = Redactor::default();
    for bearer in ["first-bearer", "second-bearer", "third-bearer"] {
        redactor.learn("bearer/live", bearer);
    }
    assert_eq!(redactor.text("first-bearer second-bearer third-bearer"), "first-bearer … …");
}

const SECRETS: &str = "
    token access_token X-Auth-Token api_key API-Key apiKey x-apikey x-api-key key
    X-Shopify-Hmac-Sha256 X-Hub-Signature-256 signature webhook-signature sig
    paypal-transmission-sig authorization Proxy-Authorization x-auth oauth_verifier cookie
    Set-Cookie password passwd pwd pass secret client_secret X-Hook-Secret x-functions-key
    Ocp-Apim-Subscription-Key jsessionid PHPSESSID x-csrf-token X-Amz-Credential x-gitlab-token jwt
    otp
";
const NO_SECRETS: &str = "
    sessionCode session sessionId eventKey idempotency-key author x-authority member user-agent
    content-type design signal passport www-authenticate x-forwarded-for code registration host
    webhook-id webhook-timestamp keyword optional monkey
";

#[test]
fn names_of_secrets_are_known_and_names_of_the_trade_are_not() {
    for (names, expected) in [(SECRETS, true), (NO_SECRETS, false)] {
        for name in names.split_whitespace() {
            assert_eq!(is_secret(name), expected, "{name}");
        }
    }
}

#[test]
fn what_a_url_carries_under_such_a_name_is_hidden_with_it() {
    check("/x?a=1&token=s3cr3t&b=2", "/x?a=1&token=…&b=2");
    check("https://h/?api_key=s3cr3t#top", "https://h/?api_key=…#top");
    check("https://u:p@h/x?a=1", "https://…@h/x?a=1");
    check("t=1,v1=s3cr3t", "t=1,v1=s3cr3t");
    check(r#"for=192.0.2.1;proto=https;secret="a b";by=x"#, r#"for=192.0.2.1;proto=https;secret="…";by=x"#);
    check("u=https%3A%2F%2Fh%2F%3Ftoken%3Ds3cr3t%26a%3D1", "u=https%3A%2F%2Fh%2F%3Ftoken%3D…%26a%3D1");
    assert_eq!(redactor().named("x-apikey", "s3cr3t"), "…");
    assert_eq!(redactor().named("authorization", "Bearer …"), "Bearer …");
    assert_eq!(redactor().named("x-event", "check-in"), "check-in");
}

#[test]
fn an_exchange_is_kept_without_its_secrets() {
    let exchange: Exchange = serde_json::from_value(json!({
        "request": { "method": "POST", "url": format!("https://h/?password={TOKEN}"), "body": { "a": PASSWORD },
            "headers": { "authorization": "Bearer …", "x-key": "s3cr3t" } },
        "response": { "status": 500, "ms": 1, "body": format!("<b>{PASSWORD}</b>"),
            "headers": { "x-echo": PASSWORD, "date": "today" } },
    }))
    .unwrap();
    let kept = serde_json::to_value(redactor().exchange(&exchange)).unwrap();
    assert_eq!(
        kept,
        json!({
            "request": { "method": "POST", "url": "https://h/?password=…", "body": { "a": "…" },
                "headers": { "authorization": "Bearer …", "x-key": "…" } },
            "response": { "status": 500, "ms": 1, "body": "<b>…</b>", "headers": { "x-echo": "…", "date": "today" } },
        })
    );
}

proptest::proptest! {
    /// Whatever stands around it: it is gone, and all the rest is there.
    #[test]
    fn nothing_but_the_secret_is_taken_away(before in "[ -$&-~äß]{0,30}", after in "[ -~äß]{0,30}") {
        let redactor = Redactor::default();
        redactor.learn("a", "0123456789abcdef");
        let finder = redactor.finder();
        let hide = |text: &str| spans::hidden(text, |bytes| finder.find(bytes)).into_owned();
        let (text, clean) = (format!("{before}0123456789abcdef{after}"), format!("{before}…{after}"));
        proptest::prop_assert_eq!(hide(&text), clean);
        proptest::prop_assert_eq!(hide(&before), before);
    }
}
