//! Whether the sender is who the workflow expects: a fixed header, HTTP Basic, or a signature of the raw body.

mod secrets;

pub(crate) use secrets::{SenderSecrets, Want};

use std::sync::Arc;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use ihook_engine::workflow::{Algorithm, Authentication, AuthenticationKind, Encoding, Scheme, SecretUse};
use ihook_store::WorkflowId;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::App;
use crate::events::Topic;

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

/// Compares what the request carries with the workflow's secret. `now` in milliseconds since 1970.
pub(super) async fn check(
    app: &App,
    id: WorkflowId,
    wanted: &Authentication,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let secrets = secrets_of(app, id).await.ok_or(Fault::NoSecret)?;
    let result = verify(wanted, &secrets.present, headers, body, now / 1000);
    match &secrets.before {
        Some((until, before)) if result == Err(Fault::Refused(WRONG)) && now < *until => {
            verify(wanted, before, headers, body, now / 1000)
        }
        _ => result,
    }
}

async fn secrets_of(app: &App, id: WorkflowId) -> Option<Arc<secrets::Secrets>> {
    let told = |is_refusing| {
        app.events().changed(Topic::Workflows, id);
        if is_refusing {
            app.events().alarm("A workflow refuses what it should take");
        }
    };
    app.sender_secrets().get(app.vault(), id, told).await
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
        AuthenticationKind::Hmac { algorithm, encoding, .. } if wanted.tolerance_seconds.is_some() => {
            return stamped(wanted, (algorithm, encoding), secret, value, body, now);
        }
        AuthenticationKind::Hmac { algorithm, encoding, .. } => {
            let text = encoded(&digest(algorithm, secret.as_bytes(), body), encoding);
            let sent = value.strip_prefix(wanted.prefix.as_str()).unwrap_or_default();
            signed_alike(sent, &text, encoding)
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
    is_fresh(wanted, stamp, now)
}

/// `t=<unix seconds>,v1=<signature>` (Stripe's way): `{t}.{body}` is signed, and any signature that fits is
/// enough. The prefix of the workflow stands for `v1=`.
fn stamped(
    wanted: &Authentication,
    (algorithm, encoding): (Algorithm, Encoding),
    secret: &str,
    value: &str,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let prefix = stamp_prefix(wanted);
    let parts = || value.split(',').map(str::trim);
    let stamp = parts().find_map(|part| part.strip_prefix("t=")).ok_or(Fault::Refused(WRONG))?;
    let signed = [stamp.as_bytes(), b".", body].concat();
    let text = encoded(&digest(algorithm, secret.as_bytes(), &signed), encoding);
    let sent = parts().filter_map(|part| part.strip_prefix(prefix));
    if !sent.fold(false, |fits, one| fits | signed_alike(one, &text, encoding)) {
        return Err(Fault::Refused(WRONG));
    }
    is_fresh(wanted, stamp, now)
}

fn stamp_prefix(wanted: &Authentication) -> &str {
    if wanted.prefix.is_empty() { "v1=" } else { &wanted.prefix }
}

/// Whether a time stamp that was signed is within the tolerance.
fn is_fresh(wanted: &Authentication, stamp: &str, now: i64) -> Result<(), Fault> {
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
    let secret = secrets_of(app, id).await?;
    Some(signed(wanted, &secret.present, body, now / 1000))
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
        AuthenticationKind::Hmac { algorithm, encoding, .. } if wanted.tolerance_seconds.is_some() => {
            let stamped = [now.to_string().as_bytes(), b".", body].concat();
            let text = encoded(&digest(algorithm, secret.as_bytes(), &stamped), encoding);
            vec![(name, format!("t={now},{}{text}", stamp_prefix(wanted)))]
        }
        AuthenticationKind::Hmac { algorithm, encoding, .. } => {
            let text = encoded(&digest(algorithm, secret.as_bytes(), body), encoding);
            vec![(name, format!("{}{text}", wanted.prefix))]
        }
    }
}

/// What is wrong with a secret that no sender could prove itself with.
pub(crate) fn unusable_secret(secret: &str, used_as: Option<SecretUse>) -> Option<&'static str> {
    if secret.trim() != secret || secret.chars().any(char::is_control) {
        return Some(
            "secret must not begin or end with a space, and hold no line break or other control character.",
        );
    }
    if used_as == Some(SecretUse::Basic) && !secret.contains(':') {
        return Some("secret must be the user, a colon and the password.");
    }
    if matches!(used_as, None | Some(SecretUse::StandardWebhooks)) && standard_key(secret).is_empty() {
        return Some(
            "secret begins with whsec_, but what follows is no base64: copy it from the sender once more.",
        );
    }
    None
}

/// The key of Standard Webhooks 1.0: base64 after its mark; without the mark it is taken as it is. Empty when the
/// secret is no key.
fn standard_key(secret: &str) -> Vec<u8> {
    match secret.strip_prefix("whsec_") {
        Some(text) => BASE64.decode(text).unwrap_or_default(),
        None => secret.as_bytes().to_vec(),
    }
}

/// Empty when the secret is no key.
fn standard_signature(secret: &str, id: &str, stamp: &str, body: &[u8]) -> String {
    let key = standard_key(secret);
    if key.is_empty() {
        return String::new();
    }
    let text = [id.as_bytes(), b".", stamp.as_bytes(), b".", body].concat();
    BASE64.encode(digest(Algorithm::Sha256, &key, &text))
}

/// Whether a signature is the one expected; hexadecimal digits in either case.
fn signed_alike(sent: &str, text: &str, encoding: Encoding) -> bool {
    let sent = if encoding == Encoding::Hex { sent.to_ascii_lowercase() } else { sent.to_owned() };
    same(sent.trim().as_bytes(), text.as_bytes())
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
mod tests;
