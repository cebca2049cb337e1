//! Whether the sender is who the workflow expects: a fixed header, HTTP Basic, or a signature of the raw body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use ihook_engine::workflow::{Algorithm, Authentication, AuthenticationKind, Encoding, Scheme};
use ihook_store::WorkflowId;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::App;

/// What the sender is told; which part was wrong is nobody's business.
const WRONG: &str = "The sender could not be authenticated.";
const STALE: &str = "The request's time stamp is too old, or in the future.";

/// Why a sender is turned away.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// 401, with this reason.
    Refused(&'static str),
    /// The secret to compare with cannot be read: not the sender's fault.
    NoSecret,
}

/// Secrets once read, so that a locked keyring does not stop deliveries and no delivery waits for it.
#[derive(Default)]
pub(crate) struct SenderSecrets(Mutex<HashMap<WorkflowId, Arc<Zeroizing<String>>>>);

impl std::fmt::Debug for SenderSecrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SenderSecrets")
    }
}

impl SenderSecrets {
    /// Forgets one, because it was set anew.
    pub(crate) fn forget(&self, id: WorkflowId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    async fn get(&self, app: &App, id: WorkflowId) -> Option<Arc<Zeroizing<String>>> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Some(Arc::clone(known));
        }
        let kept = app.vault().get(&secret_name(id)).await.ok()??;
        let kept = Arc::new(kept);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&kept));
        Some(kept)
    }
}

/// Under which name a trigger's secret is kept.
pub(crate) fn secret_name(id: WorkflowId) -> String {
    format!("sender/{id}")
}

/// Compares what the request carries with the workflow's secret. `now` in milliseconds since 1970.
pub(super) async fn check(
    app: &App,
    id: WorkflowId,
    wanted: &Authentication,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let secret = app.sender_secrets().get(app, id).await.ok_or(Fault::NoSecret)?;
    verify(wanted, &secret, headers, body, now / 1000)
}

fn verify(
    wanted: &Authentication,
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let value = only(headers, &wanted.header).ok_or(Fault::Refused(WRONG))?;
    let fine = match wanted.kind {
        AuthenticationKind::Header => {
            same(value.as_bytes(), [wanted.prefix.as_bytes(), secret.as_bytes()].concat().as_slice())
        }
        AuthenticationKind::Basic => {
            let (scheme, sent) = value.split_once(' ').unwrap_or_default();
            scheme.eq_ignore_ascii_case("basic")
                && same(sent.trim().as_bytes(), BASE64.encode(secret).as_bytes())
        }
        AuthenticationKind::Hmac { scheme: Scheme::StandardWebhooks, .. } => {
            return standard_webhooks(wanted, secret, value, headers, body, now);
        }
        AuthenticationKind::Hmac { algorithm, encoding, .. } => {
            let text = encoded(&digest(algorithm, secret.as_bytes(), body), encoding);
            let sent = value.strip_prefix(wanted.prefix.as_str()).unwrap_or_default();
            let sent = if encoding == Encoding::Hex { sent.to_ascii_lowercase() } else { sent.to_owned() };
            same(sent.trim().as_bytes(), text.as_bytes())
        }
    };
    if fine { Ok(()) } else { Err(Fault::Refused(WRONG)) }
}

/// Standard Webhooks 1.0: `{id}.{timestamp}.{body}` is signed, several `v1,` signatures may stand in the
/// header, and any that fits is enough. The time stamp counts only when the signature holds.
fn standard_webhooks(
    wanted: &Authentication,
    secret: &str,
    value: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let refused = Fault::Refused(WRONG);
    let (Some(id), Some(stamp)) = (only(headers, "webhook-id"), only(headers, "webhook-timestamp")) else {
        return Err(refused);
    };
    let text = standard_signature(secret, id, stamp, body);
    let fits = value
        .split(' ')
        .filter_map(|one| one.strip_prefix("v1,"))
        .fold(false, |fits, one| fits | same(one.as_bytes(), text.as_bytes()));
    if text.is_empty() || !fits {
        return Err(refused);
    }
    let stamp: i64 = stamp.parse().map_err(|_not_a_number| Fault::Refused(STALE))?;
    match wanted.tolerance_seconds {
        Some(most) if now.abs_diff(stamp) > u64::from(most) => Err(Fault::Refused(STALE)),
        _ => Ok(()),
    }
}

/// The headers that a sender who knows the secret would add to `body`; none where the secret is not kept.
/// `now` in milliseconds since 1970.
pub(crate) async fn headers(
    app: &App,
    id: WorkflowId,
    wanted: &Authentication,
    body: &[u8],
    now: i64,
) -> Option<Vec<(String, String)>> {
    let secret = app.sender_secrets().get(app, id).await?;
    Some(signed(wanted, &secret, body, now / 1000))
}

/// As [`verify`] wants it.
fn signed(wanted: &Authentication, secret: &str, body: &[u8], now: i64) -> Vec<(String, String)> {
    let name = wanted.header.clone();
    match wanted.kind {
        AuthenticationKind::Header => vec![(name, format!("{}{secret}", wanted.prefix))],
        AuthenticationKind::Basic => vec![(name, format!("Basic {}", BASE64.encode(secret)))],
        AuthenticationKind::Hmac { scheme: Scheme::StandardWebhooks, .. } => {
            let (message, stamp) = (format!("msg_{}", ihook_store::RunId::new()), now.to_string());
            let text = standard_signature(secret, &message, &stamp, body);
            vec![
                ("webhook-id".to_owned(), message),
                ("webhook-timestamp".to_owned(), stamp),
                (name, format!("v1,{text}")),
            ]
        }
        AuthenticationKind::Hmac { algorithm, encoding, .. } => {
            let text = encoded(&digest(algorithm, secret.as_bytes(), body), encoding);
            vec![(name, format!("{}{text}", wanted.prefix))]
        }
    }
}

/// Empty when the secret is no key.
fn standard_signature(secret: &str, id: &str, stamp: &str, body: &[u8]) -> String {
    // The secret is base64 after its mark; without the mark it is taken as it is.
    let key = match secret.strip_prefix("whsec_") {
        Some(text) => BASE64.decode(text).unwrap_or_default(),
        None => secret.as_bytes().to_vec(),
    };
    if key.is_empty() {
        return String::new();
    }
    let text = [id.as_bytes(), b".", stamp.as_bytes(), b".", body].concat();
    BASE64.encode(digest(Algorithm::Sha256, &key, &text))
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

fn digest(algorithm: Algorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
        // An HMAC key may have any length.
        M::new_from_slice(key)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    }
    match algorithm {
        Algorithm::Sha1 => of::<Hmac<Sha1>>(key, text),
        Algorithm::Sha256 => of::<Hmac<Sha256>>(key, text),
        Algorithm::Sha512 => of::<Hmac<Sha512>>(key, text),
    }
}

fn encoded(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Encoding::Base64 => BASE64.encode(bytes),
    }
}

#[cfg(test)]
mod tests {
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
    fn what_the_built_in_sender_adds_is_taken() {
        let kinds = [
            json!({ "kind": "header", "header": "X-Api-Key", "prefix": "key " }),
            json!({ "kind": "basic" }),
            json!({ "kind": "hmac", "scheme": "github" }),
            json!({ "kind": "hmac", "scheme": "swapcard" }),
            json!({ "kind": "hmac", "scheme": "standardWebhooks", "toleranceSeconds": 300 }),
            json!({ "kind": "hmac", "scheme": "custom", "header": "X-Sum", "algorithm": "sha512", "encoding": "base64" }),
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
}
