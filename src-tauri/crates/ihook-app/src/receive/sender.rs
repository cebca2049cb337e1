//! Whether the sender is who the workflow expects: a fixed header, HTTP Basic, or a signature of the raw body.

mod secrets;

pub(crate) use secrets::{SenderSecrets, Want, names as secret_names};

use std::sync::Arc;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ihook_engine::signature;
use ihook_engine::workflow::{Authentication, AuthenticationKind, SecretUse};
use ihook_store::{StoreError, WorkflowId, audit, workflow};
use subtle::ConstantTimeEq;

use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::heavy::Turn;
use secrets::Adopted;

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

/// Compares what the request carries with the workflow's secrets, and gives the body back. `now` in milliseconds
/// since 1970. A large body is gone through in its `turn`.
pub(super) async fn check(
    app: &App,
    id: WorkflowId,
    wanted: &Authentication,
    headers: &HeaderMap,
    body: Vec<u8>,
    now: i64,
    turn: &Turn,
) -> (Vec<u8>, Result<(), Fault>) {
    let Some(secrets) = secrets_of(app, id).await else { return (body, Err(Fault::NoSecret)) };
    if !turn.is_heavy() {
        let checked = verify(wanted, &secrets.taken(now), headers, &body, now / 1000);
        return (body, checked);
    }
    let (wanted, headers) = (wanted.clone(), headers.clone());
    let verify = move || {
        let checked = verify(&wanted, &secrets.taken(now), &headers, &body, now / 1000);
        (body, checked)
    };
    turn.work(verify).await
}

pub(super) async fn secrets_of(app: &App, id: WorkflowId) -> Option<Arc<secrets::Secrets>> {
    let told = |is_refusing| {
        app.events().changed(Topic::Workflows, id);
        if is_refusing {
            app.events().alarm("A workflow refuses what it should take");
        }
    };
    app.sender_secrets().get(app.vault(), id, told).await
}

/// Keeps a secret that a handshake brings, where there is none. Whether it is the one that is set now.
///
/// # Errors
/// When the secret store or the database cannot be used.
pub(super) async fn adopt(app: &App, id: WorkflowId, secret: &str, now: i64) -> Result<bool, WireError> {
    let _turn = app.vault().turn().await;
    match app.sender_secrets().adopt(app.vault(), id, secret).await? {
        Adopted::Kept => {
            note_secret(app, id, Some(SecretUse::Signature), "by the sender's handshake".to_owned(), now)
                .await?;
            Ok(true)
        }
        Adopted::Same => Ok(true),
        Adopted::Other => Ok(false),
    }
}

/// Notes that a secret was set, and what for.
///
/// # Errors
/// As the store reports them.
pub(crate) async fn note_secret(
    app: &App,
    id: WorkflowId,
    used_as: Option<SecretUse>,
    detail: String,
    now: i64,
) -> Result<(), StoreError> {
    let proof = used_as.map_or(workflow::PROOF_UNKNOWN, SecretUse::as_str);
    let write = app.store().write(move |tx| {
        workflow::set_sender_proof(tx, id, Some(proof))?;
        audit::add(tx, now, "workflow_set_secret", &workflow::name(tx, id)?, &detail)
    });
    write.await?;
    app.events().changed(Topic::Workflows, id);
    Ok(())
}

fn verify(
    wanted: &Authentication,
    secrets: &[&str],
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), Fault> {
    let expected: fn(&Authentication, &str) -> String = match wanted.kind {
        AuthenticationKind::Header => |wanted, secret| format!("{}{secret}", wanted.prefix),
        AuthenticationKind::Basic => |_, secret| BASE64.encode(secret),
        AuthenticationKind::Hmac(signing) => {
            let verified = signing.verify(wanted, secrets, |name| only(headers, name), body, now);
            return verified.map_err(|fault| match fault {
                signature::Fault::Wrong => Fault::Refused(WRONG),
                signature::Fault::Stale => Fault::Refused(STALE),
            });
        }
    };
    let value = only(headers, &wanted.header).ok_or(Fault::Refused(WRONG))?;
    let sent = match (wanted.kind, value.split_once(' ')) {
        (AuthenticationKind::Basic, Some((scheme, sent))) if scheme.eq_ignore_ascii_case("basic") => {
            sent.trim()
        }
        (AuthenticationKind::Basic, _) => return Err(Fault::Refused(WRONG)),
        _ => value,
    };
    let is_one = secrets.iter().fold(false, |is_one, secret| {
        let same: bool = sent.as_bytes().ct_eq(expected(wanted, secret).as_bytes()).into();
        is_one | same
    });
    if is_one { Ok(()) } else { Err(Fault::Refused(WRONG)) }
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
    let secrets = secrets_of(app, id).await?;
    Some(signed(wanted, secrets.present(), body, now / 1000))
}

/// As [`verify`] wants it.
fn signed(wanted: &Authentication, secret: &str, body: &[u8], now: i64) -> Vec<(String, String)> {
    let value = match wanted.kind {
        AuthenticationKind::Header => format!("{}{secret}", wanted.prefix),
        AuthenticationKind::Basic => format!("Basic {}", BASE64.encode(secret)),
        AuthenticationKind::Hmac(signing) => {
            let id = format!("msg_{}", ihook_store::RunId::new());
            return signing.sign(wanted, secret, &id, body, now);
        }
    };
    vec![(wanted.header.clone(), value)]
}

/// The value of a header that is there once.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests;
