//! One token a client: renewed early, by one caller for all, and never asked for again once refused.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::client::Inner;
use crate::exchange::Exchange;
use crate::failure::{Failed, FailureClass};
use crate::send::{Answered, answer, ended};
use crate::site::encode;
use crate::wire::{Origin, error_text, member, text};

/// Where a server does not say how long its token lives.
const LIFETIME: Duration = Duration::from_secs(20 * 60);
/// Renewed this long before its end, but never in more than the last quarter of its life.
const EARLY: Duration = Duration::from_secs(60);

/// The shared state. The lock is held while signing in, so that callers who wait find the new token there.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<State>);

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The server refused user name or password: remembered, for trying again may lock the account.
    refused: Option<Failed>,
    /// The last sign-in that failed for another reason; those who waited for it share its outcome.
    failed: Option<(Instant, Failed)>,
}

#[derive(Clone)]
struct Token {
    text: Zeroizing<String>,
    renew_at: Instant,
}

impl Inner {
    /// A token that is good for a while.
    pub(crate) async fn token(&self) -> Result<Zeroizing<String>, Failed> {
        self.token_but(None).await
    }

    /// Another token than `stale`, which the server has just refused.
    pub(crate) async fn renewed(&self, stale: &str) -> Result<Zeroizing<String>, Failed> {
        self.token_but(Some(stale)).await
    }

    /// A token fetched now, whatever is at hand: for a test of the credentials.
    pub(crate) async fn fresh_token(&self) -> Result<Zeroizing<String>, Failed> {
        self.tokens.0.lock().await.token = None;
        self.token_but(None).await
    }

    async fn token_but(&self, stale: Option<&str>) -> Result<Zeroizing<String>, Failed> {
        let asked = Instant::now();
        let mut state = self.tokens.0.lock().await;
        if let Some(refused) = &state.refused {
            return Err(refused.clone());
        }
        if let Some(token) = &state.token
            && stale != Some(token.text.as_str())
            && asked < token.renew_at
        {
            return Ok(token.text.clone());
        }
        if let Some((at, failed)) = &state.failed
            && *at > asked
        {
            return Err(failed.clone());
        }
        state.token = None;
        let outcome = self.sign_in().await;
        match outcome {
            Ok(token) => {
                state.failed = None;
                let text = token.text.clone();
                state.token = Some(token);
                drop(state);
                Ok(text)
            }
            Err(failed) => {
                if failed.class == FailureClass::Credentials {
                    state.refused = Some(failed.clone());
                } else {
                    state.failed = Some((Instant::now(), failed.clone()));
                }
                drop(state);
                Err(failed)
            }
        }
    }

    async fn sign_in(&self) -> Result<Token, Failed> {
        let started = Instant::now();
        let url = self.site.token_url();
        let form = Zeroizing::new(format!(
            "grant_type=password&username={}&password={}",
            encode(&self.credentials.username),
            encode(&self.credentials.password)
        ));
        let request = self
            .http
            .post(&url)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.as_bytes().to_vec());
        let exchange = Exchange::signed_in(&url);
        // Whatever becomes of a sign-in, the call it was for has not been sent.
        let not_applied = |failed: Failed| Failed { class: failed.class.held_back(), ..failed };
        let answered = answer(self, request, exchange, false).await.map_err(not_applied)?;
        if let Some(refused) = self.refusal(&answered) {
            return Err(refused);
        }
        if answered.status.as_u16() == 401 {
            return Err(not_applied(answered.something_else(&self.site)));
        }
        // Nothing is written by a sign-in: like a read, it may wait for iMIS itself.
        let answered = answered.success(&self.site, &Method::GET).map_err(not_applied)?;
        let json = answered.json(&self.site).map_err(not_applied)?;
        let Some(text) = member(&json, "access_token").and_then(text).filter(|token| !token.is_empty())
        else {
            let sentence = format!(
                "iMIS did not answer: something else answered the sign-in at {}, without a token. Is the base URL that \
                 of the iMIS API?",
                self.site.host()
            );
            return Err(Failed::new(FailureClass::NoToken, sentence, answered.exchange));
        };
        if let Some(learn) = &self.learn {
            learn(&text);
        }
        let lifetime = lifetime(&json);
        let renew_at = started + (lifetime - EARLY.min(lifetime / 4));
        Ok(Token { text: Zeroizing::new(text), renew_at })
    }

    /// Tells refused credentials from other trouble: 400 and 401 in a form of iMIS's, 403 with an OAuth `error`.
    /// What a firewall says in front of it does not stop the connection for good.
    fn refusal(&self, answered: &Answered) -> Option<Failed> {
        let bytes = answered.body.as_deref().unwrap_or_default();
        let code = serde_json::from_slice::<Value>(bytes)
            .ok()
            .and_then(|json| member(&json, "error").and_then(text))
            .filter(|code| !code.is_empty());
        let is_own = code.is_some() || Origin::of_error(bytes) == Origin::Imis;
        let is_refused = match answered.status.as_u16() {
            400 | 401 => is_own,
            403 => code.is_some(),
            _ => false,
        };
        if !is_refused {
            return None;
        }
        let words = error_text(bytes);
        let said = if words.is_empty() { ".".to_owned() } else { format!(": {}", ended(&words)) };
        let host = self.site.host();
        let sentence = match code.as_deref() {
            Some("unsupported_grant_type" | "unauthorized_client" | "invalid_client") => {
                format!("{host} does not let this account sign in by user name and password{said}")
            }
            _ => format!("{host} does not accept the user name or password{said}"),
        };
        Some(Failed::new(FailureClass::Credentials, sentence, answered.exchange.clone()))
    }
}

fn lifetime(json: &Value) -> Duration {
    let seconds = member(json, "expires_in").and_then(text);
    let seconds =
        seconds.and_then(|digits| digits.split('.').next().and_then(|whole| whole.parse::<u64>().ok()));
    // A year is more than any site grants; it keeps the arithmetic of instants safe.
    seconds.map_or(LIFETIME, |seconds| Duration::from_secs(seconds.min(31_536_000)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lifetimes_are_read_as_numbers_or_text_and_bounded() {
        let check = |json: Value, seconds: u64| assert_eq!(lifetime(&json).as_secs(), seconds, "{json}");
        check(json!({"expires_in": 1_209_599}), 1_209_599);
        check(json!({"expires_in": "3600"}), 3600);
        check(json!({"expires_in": 59.9}), 59);
        check(json!({"expires_in": -1}), 1200);
        check(json!({}), 1200);
        check(json!({"expires_in": u64::MAX}), 31_536_000);
    }
}
