//! What each kind of proof takes and refuses; signatures have tests of their own where they are made.

use super::*;
use ihook_engine::workflow::Workflow;
use serde_json::{Value, json};

const NOW: i64 = 1_614_265_330;

fn wanted(authentication: &Value) -> Authentication {
    let file = json!({ "format": "ihook.workflow/1", "name": "x", "actions": [],
        "trigger": { "type": "webhook", "authentication": authentication } });
    Workflow::parse(&file).unwrap().trigger.authentication.unwrap()
}

fn check(authentication: &Value, secrets: &[&str], headers: &[(&str, &str)], fine: bool) {
    let map: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name: axum::http::HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        })
        .collect();
    let result = verify(&wanted(authentication), secrets, &map, b"{}", NOW);
    assert_eq!(result.is_ok(), fine, "{authentication} {headers:?}: {result:?}");
}

#[test]
fn fixed_values() {
    let header = json!({ "kind": "header", "header": "X-Api-Key", "prefix": "key " });
    check(&header, &["sesame"], &[("x-api-key", "key sesame")], true);
    check(&header, &["sesame", "street"], &[("x-api-key", "key street")], true);
    check(&header, &["sesame"], &[("x-api-key", "sesame")], false);
    check(&header, &["sesame"], &[("x-api-key", "key sesam")], false);
    check(&header, &["sesame"], &[], false);
    check(&header, &["sesame"], &[("x-api-key", "key sesame"), ("x-api-key", "key sesame")], false);
    let basic = json!({ "kind": "basic" });
    check(&basic, &["user:päss"], &[("authorization", "Basic dXNlcjpww6Rzcw==")], true);
    check(&basic, &["another:one", "user:päss"], &[("authorization", "basic dXNlcjpww6Rzcw==")], true);
    check(&basic, &["user:päss"], &[("authorization", "Bearer dXNlcjpww6Rzcw==")], false);
    check(&basic, &["user:pass"], &[("authorization", "Basic dXNlcjpww6Rzcw==")], false);
}

#[test]
fn what_the_built_in_sender_adds_is_taken() {
    let signed_by = |scheme: &str| json!({ "kind": "hmac", "scheme": scheme });
    let mut kinds: Vec<_> = signature::SCHEMES.iter().map(|scheme| signed_by(scheme.id)).collect();
    for kind in &mut kinds {
        if kind["scheme"] == "custom" {
            kind["header"] = json!("X-Sum");
        }
    }
    kinds.extend([
        json!({ "kind": "header", "header": "X-Api-Key", "prefix": "key " }),
        json!({ "kind": "basic" }),
        json!({ "kind": "hmac", "scheme": "standardWebhooks", "toleranceSeconds": 10 }),
        json!({ "kind": "hmac", "header": "X-Sum", "algorithm": "sha512", "encoding": "base64url", "prefix": "a=" }),
        json!({ "kind": "hmac", "header": "X-Sum", "toleranceSeconds": 60 }),
    ]);
    for kind in kinds {
        let added = signed(&wanted(&kind), "user:secret", b"{}", NOW);
        let added: Vec<_> = added.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        check(&kind, &["user:secret"], &added, true);
        check(&kind, &["user:older", "user:secret"], &added, true);
        check(&kind, &["user:another"], &added, false);
    }
}
