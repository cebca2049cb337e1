//! How a sender checks an address before it sends there.

use super::FileFault;
use super::members::Members;

/// A check that is answered without a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handshake {
    /// A GET that wants 200.
    Cvent,
    /// `endpoint.url_validation`, whose token comes back with its HMAC.
    Zoom,
    /// A `validationToken` in the query that comes back as text.
    Graph,
    /// OPTIONS with `WebHook-Request-Origin` (`CloudEvents`, HTTP 1.1 Web Hooks §4).
    CloudEvents,
    /// A header `X-Hook-Secret` that comes back, and with which later deliveries are signed (Asana).
    HookSecret,
    /// A member `challenge` that comes back (Slack, monday.com).
    Challenge,
}

impl Handshake {
    /// Every one, with its name in workflow files.
    pub const ALL: [(&'static str, Self); 6] = [
        ("cvent", Self::Cvent),
        ("zoom", Self::Zoom),
        ("graph", Self::Graph),
        ("cloudevents", Self::CloudEvents),
        ("hookSecret", Self::HookSecret),
        ("challenge", Self::Challenge),
    ];

    pub(super) fn parse(members: &mut Members<'_>) -> Result<Option<Self>, FileFault> {
        let Some(name) = members.filled("handshake")? else { return Ok(None) };
        match Self::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, handshake)) => Ok(Some(*handshake)),
            None => {
                let known: Vec<_> = Self::ALL.iter().map(|(known, _)| format!("\"{known}\"")).collect();
                let message = format!("There is no handshake \"{name}\"; use one of {}.", known.join(", "));
                Err(members.fault("handshake", message))
            }
        }
    }
}
