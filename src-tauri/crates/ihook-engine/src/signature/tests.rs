//! Vectors that the senders publish, and vectors of other makers' libraries.

use serde_json::{Value, json};

use super::*;
use crate::workflow::{AuthenticationKind, SecretUse, Workflow};

/// The time of Standard Webhooks' own vector.
const NOW: i64 = 1_614_265_330;

fn wanted(authentication: &Value) -> (Authentication, Signing) {
    let file = json!({ "format": "ihook.workflow/1", "name": "x", "actions": [],
        "trigger": { "type": "webhook", "authentication": authentication } });
    let wanted = Workflow::parse(&file).unwrap().trigger.authentication.unwrap();
    match wanted.kind {
        AuthenticationKind::Hmac(signing) => (wanted, signing),
        other => panic!("{other:?} is no signature"),
    }
}

fn judged(
    authentication: &Value,
    secrets: &[&str],
    headers: &[(&str, &str)],
    body: &str,
    now: i64,
) -> Result<(), Fault> {
    let (wanted, signing) = wanted(authentication);
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    signing.verify(&wanted, secrets, header, body.as_bytes(), now)
}

fn check(authentication: &Value, secret: &str, headers: &[(&str, &str)], body: &str, fine: bool) {
    let result = judged(authentication, &[secret], headers, body, NOW);
    assert_eq!(result.is_ok(), fine, "{authentication} {secret} {headers:?}: {result:?}");
}

fn scheme(id: &str) -> Value {
    json!({ "kind": "hmac", "scheme": id })
}

/// The vector that Swapcard publishes: the raw bytes count, not the JSON they mean.
#[test]
fn swapcards_own_vector() {
    let body = "{\n  \"context\": {},\n  \"event_profile\": {\n  },\n  \"action\": \"profile_create\",\n  \
                \"datetime\": \"2024-04-01T00:00:00.000Z\"\n}";
    let signature = "sha256=dabe126d047775d1685e1a28eef57381dc2b31688a49959802c1f9b72a569590";
    check(&scheme("swapcard"), "my_secret", &[("x-signature-256", signature)], body, true);
    let compact = body.replace(['\n', ' '], "");
    check(&scheme("swapcard"), "my_secret", &[("x-signature-256", signature)], &compact, false);
}

/// The vector of the GitHub documentation.
#[test]
fn githubs_own_vector() {
    let github = scheme("github");
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let secret = "It's a Secret to Everybody";
    check(&github, secret, &[("x-hub-signature-256", signature)], "Hello, World!", true);
    let upper = signature.to_uppercase().replace("SHA256", "sha256");
    check(&github, secret, &[("x-hub-signature-256", &upper)], "Hello, World!", true);
    check(&github, secret, &[("x-hub-signature-256", signature)], "Hello, World.", false);
    check(&github, secret, &[("x-hub-signature-256", &signature[7..])], "Hello, World!", false);
    check(&github, secret, &[("x-hub-signature-256", "sha256=")], "Hello, World!", false);
    check(&github, secret, &[], "Hello, World!", false);
}

const STANDARD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const STANDARD_SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const STANDARD_BODY: &str = "{\"test\": 2432232314}";

/// The vector of the Standard Webhooks and Svix libraries, under the names of the one and of the other.
#[test]
fn standard_webhooks_own_vector_under_both_names() {
    for (id, family) in
        [("standardWebhooks", "webhook"), ("standardWebhooks", "svix"), ("svix", "svix"), ("svix", "webhook")]
    {
        let names = ["id", "timestamp", "signature"].map(|name| format!("{family}-{name}"));
        let check = |secret: &str, stamp: &str, signature: &str, fine: bool| {
            let headers = [
                (names[0].as_str(), "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                (names[1].as_str(), stamp),
                (names[2].as_str(), signature),
            ];
            check(&scheme(id), secret, &headers, STANDARD_BODY, fine);
        };
        check(STANDARD_SECRET, "1614265330", STANDARD_SIGNATURE, true);
        check(&STANDARD_SECRET[6..], "1614265330", STANDARD_SIGNATURE, true);
        check(STANDARD_SECRET, "1614265330", STANDARD_SIGNATURE.trim_end_matches('='), true);
        check(STANDARD_SECRET, "1614265331", STANDARD_SIGNATURE, false);
        check(STANDARD_SECRET, "1614265330", &format!("v1,AAAA v1a,x {STANDARD_SIGNATURE}"), true);
        check(STANDARD_SECRET, "1614265330", "v1,AAAA v1a,x", false);
        check(STANDARD_SECRET, "1614265330", &STANDARD_SIGNATURE.replace("v1,", "v2,"), false);
    }
    let mixed = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("svix-timestamp", "1614265330"),
        ("webhook-signature", STANDARD_SIGNATURE),
    ];
    check(&scheme("standardWebhooks"), STANDARD_SECRET, &mixed, STANDARD_BODY, false);
}

#[test]
fn a_time_counts_once_the_signature_holds_and_a_tolerance_is_asked_for() {
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", STANDARD_SIGNATURE),
    ];
    for (tolerance, off, expected) in [
        (None, 300, Ok(())),
        (None, -300, Ok(())),
        (None, 301, Err(Fault::Stale)),
        (None, -301, Err(Fault::Stale)),
        (Some(10), 11, Err(Fault::Stale)),
        (Some(0), 1_000_000, Ok(())),
    ] {
        let mut authentication = scheme("standardWebhooks");
        if let Some(seconds) = tolerance {
            authentication["toleranceSeconds"] = json!(seconds);
        }
        let found = judged(&authentication, &[STANDARD_SECRET], &headers, STANDARD_BODY, NOW + off);
        assert_eq!(found, expected, "{tolerance:?} {off}");
        let wrong = judged(&authentication, &["whsec_AAAA"], &headers, STANDARD_BODY, NOW + off);
        assert_eq!(wrong, Err(Fault::Wrong), "whoever has no secret learns nothing of the clock");
    }
}

/// Made with Python's `hmac`, as Stripe's libraries do: the whole secret is the key, `whsec_` included.
#[test]
fn stripe_with_and_without_a_tolerance() {
    let (good, old) = (
        "e135cdbed3dda004bf8a2fb350f2541d299393c770e0b9e6e319dc595e9072aa",
        "4dca682075baafe07c2340d20c7d179f8d5af37341e51456cbff2bb2562aaaa6",
    );
    let secret = "whsec_test_secret";
    let check = |tolerance: Option<u32>, value: &str, fine: bool| {
        let mut stripe = scheme("stripe");
        if let Some(seconds) = tolerance {
            stripe["toleranceSeconds"] = json!(seconds);
        }
        check(&stripe, secret, &[("stripe-signature", value)], "{\"id\":\"evt_1\"}", fine);
    };
    for tolerance in [None, Some(0), Some(300)] {
        check(tolerance, &format!("t=1614265330,v1={good}"), true);
        check(tolerance, &format!("t=1614265330,v1=00ff,v1={good},v0=6ffbb59b"), true);
        check(tolerance, &format!("v0=6ffbb59b, v1={good}, t=1614265330"), true);
        check(tolerance, &format!("t=1614265331,v1={good}"), false);
        check(tolerance, &format!("t=1614265330,t=1614265330,v1={good}"), false);
        check(tolerance, &format!("t=1614265330,v0={good}"), false);
        check(tolerance, &format!("v1={good}"), false);
        check(tolerance, good, false);
        check(tolerance, &format!("t=1614261730,v1={old}"), tolerance != Some(300));
    }
    let bare = judged(
        &scheme("stripe"),
        &["test_secret"],
        &[("stripe-signature", &format!("t=1614265330,v1={good}"))],
        "{\"id\":\"evt_1\"}",
        NOW,
    );
    assert_eq!(bare, Err(Fault::Wrong), "whsec_ is a part of Stripe's key");
}

/// Made with Python's `hmac`, as Zoom's documentation says.
#[test]
fn zoom_signs_its_version_the_time_and_the_body() {
    let signature = "v0=00e85d7ab7b21bd3db1ce1fd65d42ef032ac908b6e3c42c9c1f985fb98875026";
    let headers = |stamp| [("x-zm-request-timestamp", stamp), ("x-zm-signature", signature)];
    check(&scheme("zoom"), "zoom-secret-token", &headers("1614265330"), "{\"event\":\"x\"}", true);
    check(&scheme("zoom"), "zoom-secret-token", &headers("1614265331"), "{\"event\":\"x\"}", false);
    check(&scheme("zoom"), "zoom-secret-token", &headers("1614265330")[1..], "{\"event\":\"x\"}", false);
}

/// Made with Python's `hmac` and `base64`.
#[test]
fn a_signature_of_the_senders_own_in_every_encoding() {
    let custom = |encoding: &str| json!({ "kind": "hmac", "header": "X-Sum", "encoding": encoding });
    let check = |encoding: &str, value: &str, fine: bool| {
        check(&custom(encoding), "sesame-street", &[("x-sum", value)], "{\"a\":12}", fine);
    };
    check("hex", "85a819b1f2c45e8953e1df3063f02a87537e6d619032677a244d41413d8d304c", true);
    check("hex", "85a819b1f2c45e8953e1df3063f02a87537e6d619032677a244d41413d8d304", false);
    check("base64", "hagZsfLEXolT4d8wY/Aqh1N+bWGQMmd6JE1BQT2NMEw=", true);
    check("base64", "hagZsfLEXolT4d8wY/Aqh1N+bWGQMmd6JE1BQT2NMEw", true);
    check("base64", "hagZsfLEXolT4d8wY_Aqh1N-bWGQMmd6JE1BQT2NMEw=", false);
    check("base64url", "hagZsfLEXolT4d8wY_Aqh1N-bWGQMmd6JE1BQT2NMEw=", true);
    check("base64url", "hagZsfLEXolT4d8wY_Aqh1N-bWGQMmd6JE1BQT2NMEw", true);
    check("BASE64URL", "hagZsfLEXolT4d8wY_Aqh1N-bWGQMmd6JE1BQT2NMEw=", true);
    check("base64url", "hagZsfLEXolT4d8wY/Aqh1N+bWGQMmd6JE1BQT2NMEw=", false);
}

/// A header as Stripe writes it, under a name of the sender's own.
#[test]
fn a_signature_with_a_time_in_the_same_header() {
    let custom = |members: Value| {
        let mut custom = json!({ "kind": "hmac", "scheme": "custom", "header": "X-Signed" });
        custom.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        custom
    };
    let made = |stamp: i64| {
        let signed = format!("{stamp}.{{}}");
        let parts = std::iter::once(signed.as_bytes());
        Encoding::Hex.encode(&hmac(Algorithm::Sha256, b"sesame-street", parts))
    };
    let check = |authentication: &Value, value: String, fine: bool| {
        check(authentication, "sesame-street", &[("x-signed", &value)], "{}", fine);
    };
    let timed = custom(json!({ "toleranceSeconds": 300 }));
    check(&timed, format!("t={NOW},v1={}", made(NOW)), true);
    check(&timed, format!("t={NOW}, v1=00, v1={}", made(NOW).to_uppercase()), true);
    check(&timed, format!("t={},v1={}", NOW + 1, made(NOW)), false);
    check(&timed, format!("t={},v1={}", NOW - 301, made(NOW - 301)), false);
    check(&timed, format!("t={},v1={}", NOW + 300, made(NOW + 300)), true);
    check(&timed, format!("v1={}", made(NOW)), false);
    let named = custom(json!({ "toleranceSeconds": 300, "prefix": "s=" }));
    check(&named, format!("t={NOW},s={}", made(NOW)), true);
    check(&named, format!("t={NOW},v1={}", made(NOW)), false);
    let untimed = custom(json!({}));
    check(&untimed, format!("t={},v1={}", NOW - 9999, made(NOW - 9999)), true);
    check(&untimed, format!("t={},v1={}", NOW + 1, made(NOW)), false);
    let plain =
        Encoding::Hex.encode(&hmac(Algorithm::Sha256, b"sesame-street", std::iter::once(b"{}".as_slice())));
    check(&untimed, plain.clone(), true);
    check(&timed, plain, false);
}

#[test]
fn every_secret_that_is_taken_is_tried() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let headers = [("x-hub-signature-256", signature)];
    let judged = |secrets: &[&str]| judged(&scheme("github"), secrets, &headers, "Hello, World!", NOW);
    assert_eq!(judged(&["new", "It's a Secret to Everybody", "older"]), Ok(()));
    assert_eq!(judged(&["new", "older"]), Err(Fault::Wrong));
    assert_eq!(judged(&[]), Err(Fault::Wrong));
}

#[test]
fn a_secret_is_the_key_that_the_senders_own_libraries_make_of_it() {
    let check = |secret: &str, expected: &[&[u8]]| {
        assert_eq!(KeyForm::STANDARD_WEBHOOKS.keys(secret), expected, "{secret}");
    };
    check("whsec_c2VzYW1lIQ==", &[b"sesame!"]);
    check("whsec_c2VzYW1lIQ", &[b"sesame!"]);
    check("c2VzYW1lIQ==", &[b"sesame!", b"c2VzYW1lIQ=="]);
    check("c2VzYW1lIQ", &[b"sesame!", b"c2VzYW1lIQ"]);
    check("whsec_-_-_", &[&[0xfb, 0xff, 0xbf]]);
    check("sesame street", &[b"sesame street"]);
    check("whsec_", &[]);
    check("whsec_not base64", &[]);
    assert_eq!(KeyForm::Text.keys("whsec_c2VzYW1l"), [b"whsec_c2VzYW1l"]);
}

#[test]
fn a_secret_that_no_sender_could_use_is_told() {
    let check = |used_as: Option<SecretUse>, secret: &str, why: Option<&str>| {
        let found = SecretUse::fault_of(used_as, secret);
        assert!(
            found.is_some() == why.is_some() && found.unwrap_or_default().contains(why.unwrap_or_default()),
            "{secret:?} {used_as:?}: {found:?}"
        );
    };
    check(None, "sesame street", None);
    check(None, "user:päss", None);
    check(None, STANDARD_SECRET, None);
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
fn every_row_signs_what_it_takes() {
    for row in SCHEMES {
        let mut authentication = scheme(row.id);
        if row.headers.is_empty() {
            authentication["header"] = json!("X-Sum");
        }
        let (wanted, signing) = wanted(&authentication);
        let headers = signing.sign(&wanted, "c2VzYW1lLXN0cmVldA==", "msg_1", b"{}", NOW);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        check(&authentication, "c2VzYW1lLXN0cmVldA==", &headers, "{}", true);
        check(&authentication, "c2VzYW1lLXN0cmVldA==", &headers, "{ }", false);
    }
    let ids: std::collections::BTreeSet<_> = SCHEMES.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), SCHEMES.len(), "each row has a name of its own");
}
