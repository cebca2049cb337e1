//! Published vectors, and what each kind refuses.

use super::*;
use ihook_engine::workflow::Workflow;
use serde_json::{Value, json};

fn wanted(authentication: &Value) -> Authentication {
    let file = json!({ "format": "ihook.workflow/1", "name": "x", "actions": [],
        "trigger": { "type": "webhook", "authentication": authentication } });
    Workflow::parse(&file).unwrap().trigger.authentication.unwrap()
}

fn check_request(authentication: &Value, secret: &str, headers: &[(&str, &str)], body: &str, fine: bool) {
    let map: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name: axum::http::HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        })
        .collect();
    let result = verify(&wanted(authentication), secret, &map, body.as_bytes(), 1_614_265_330);
    assert_eq!(result.is_ok(), fine, "{authentication} {headers:?}: {result:?}");
}

#[test]
fn fixed_values() {
    let header = json!({ "kind": "header", "header": "X-Api-Key" });
    check_request(&header, "sesame", &[("x-api-key", "sesame")], "", true);
    check_request(&header, "sesame", &[("x-api-key", "sesam")], "", false);
    check_request(&header, "sesame", &[], "", false);
    check_request(&header, "sesame", &[("x-api-key", "sesame"), ("x-api-key", "sesame")], "", false);
    let basic = json!({ "kind": "basic" });
    check_request(&basic, "user:päss", &[("authorization", "Basic dXNlcjpww6Rzcw==")], "", true);
    check_request(&basic, "user:pass", &[("authorization", "Basic dXNlcjpww6Rzcw==")], "", false);
}

#[test]
fn a_secret_that_no_sender_could_use_is_told() {
    let check = |used_as: Option<SecretUse>, secret: &str, why: Option<&str>| {
        let found = unusable_secret(secret, used_as);
        assert!(
            found.is_some() == why.is_some() && found.unwrap_or_default().contains(why.unwrap_or_default()),
            "{secret:?} {used_as:?}: {found:?}"
        );
    };
    check(None, "sesame street", None);
    check(None, "user:päss", None);
    check(None, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", None);
    check(None, "whsec_", Some("base64"));
    check(Some(SecretUse::StandardWebhooks), "whsec_not base64", Some("base64"));
    check(Some(SecretUse::Signature), "whsec_not base64", None);
    check(Some(SecretUse::Basic), "user:päss", None);
    check(Some(SecretUse::Basic), "sesame street", Some("colon"));
    check(None, "sesame\n", Some("space"));
    check(None, " sesame", Some("space"));
    check(None, "ses\u{7}ame", Some("control"));
    check(None, "        ", Some("space"));
}

#[test]
fn what_the_built_in_sender_adds_is_taken() {
    let kinds = [
        json!({ "kind": "header", "header": "X-Api-Key", "prefix": "key " }),
        json!({ "kind": "basic" }),
        json!({ "kind": "hmac", "scheme": "github" }),
        json!({ "kind": "hmac", "scheme": "swapcard" }),
        json!({ "kind": "hmac", "scheme": "standardWebhooks", "toleranceSeconds": 300 }),
        json!({ "kind": "hmac", "scheme": "custom", "header": "X-Sum", "algorithm": "sha512", "encoding": "base64" }),
        json!({ "kind": "hmac", "scheme": "custom", "header": "X-Sum", "toleranceSeconds": 60 }),
    ];
    for kind in kinds {
        let added = signed(&wanted(&kind), "user:secret", b"{}", 1_614_265_330);
        let added: Vec<_> = added.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        check_request(&kind, "user:secret", &added, "{}", true);
        check_request(&kind, "user:another", &added, "{}", false);
    }
}

/// The vector that Swapcard publishes: the raw bytes count, not the JSON they mean.
#[test]
fn swapcards_own_vector() {
    let body = "{\n  \"context\": {},\n  \"event_profile\": {\n  },\n  \"action\": \"profile_create\",\n  \
                \"datetime\": \"2024-04-01T00:00:00.000Z\"\n}";
    let signature = "sha256=dabe126d047775d1685e1a28eef57381dc2b31688a49959802c1f9b72a569590";
    let swapcard = json!({ "kind": "hmac", "scheme": "swapcard" });
    check_request(&swapcard, "my_secret", &[("x-signature-256", signature)], body, true);
    let compact = body.replace(['\n', ' '], "");
    check_request(&swapcard, "my_secret", &[("x-signature-256", signature)], &compact, false);
}

/// The vector of the GitHub documentation.
#[test]
fn githubs_own_vector() {
    let github = json!({ "kind": "hmac", "scheme": "github" });
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let secret = "It's a Secret to Everybody";
    check_request(&github, secret, &[("x-hub-signature-256", signature)], "Hello, World!", true);
    check_request(&github, secret, &[("x-hub-signature-256", signature)], "Hello, World.", false);
}

/// The vector of the Standard Webhooks libraries.
#[test]
fn standard_webhooks_own_vector_and_its_tolerance() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let headers = |stamp: &'static str, signature: &'static str| {
        [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", stamp),
            ("webhook-signature", signature),
        ]
    };
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let body = "{\"test\": 2432232314}";
    let scheme = json!({ "kind": "hmac", "scheme": "standardWebhooks" });
    check_request(&scheme, secret, &headers("1614265330", signature), body, true);
    check_request(&scheme, secret, &headers("1614265331", signature), body, false);
    let rotated = "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    check_request(&scheme, secret, &headers("1614265330", rotated), body, true);
    let late = verify(
        &wanted(&scheme),
        secret,
        &headers("1614265330", signature)
            .into_iter()
            .map(|(n, v)| {
                let name: axum::http::HeaderName = n.parse().unwrap();
                (name, v.parse().unwrap())
            })
            .collect(),
        body.as_bytes(),
        1_614_265_330 + 301,
    );
    assert_eq!(late, Err(Fault::Refused(STALE)));
}

/// A header as Stripe writes it, with the prefix left to its default and set.
#[test]
fn a_signature_with_a_time_stamp_in_the_same_header() {
    let custom =
        json!({ "kind": "hmac", "scheme": "custom", "header": "Stripe-Signature", "toleranceSeconds": 300 });
    let signature = |stamp: i64| {
        let signed = format!("{stamp}.{{}}");
        encoded(&digest(Algorithm::Sha256, b"sesame-street", signed.as_bytes()), Encoding::Hex)
    };
    let now = 1_614_265_330;
    let check = |authentication: &Value, value: String, fine: bool| {
        check_request(authentication, "sesame-street", &[("stripe-signature", &value)], "{}", fine);
    };
    check(&custom, format!("t={now},v1={}", signature(now)), true);
    check(&custom, format!("t={now}, v1=00, v1={}", signature(now).to_uppercase()), true);
    check(&custom, format!("t={},v1={}", now + 1, signature(now)), false);
    check(&custom, format!("t={},v1={}", now - 301, signature(now - 301)), false);
    check(&custom, format!("t={},v1={}", now + 300, signature(now + 300)), true);
    check(&custom, format!("v1={}", signature(now)), false);
    let mut named = custom;
    named["prefix"] = json!("s=");
    check(&named, format!("t={now},s={}", signature(now)), true);
    check(&named, format!("t={now},v1={}", signature(now)), false);
}
