//! What a sender's secret is to its scheme.

use base64::Engine;

use super::digest::STANDARD;

/// What the text of a secret stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// The key itself, whatever it begins with.
    Text,
    /// Base64 of the key, with a mark before it or without, padded or not; text that is no base64 is the key itself.
    Base64 {
        /// What may stand before it.
        mark: &'static str,
    },
}

impl KeyForm {
    /// As the libraries of Standard Webhooks and Svix take it.
    pub const STANDARD_WEBHOOKS: Self = Self::Base64 { mark: "whsec_" };

    /// The keys that a secret can mean, the likeliest first; none where it cannot be one.
    #[must_use]
    pub fn keys(self, secret: &str) -> Vec<Vec<u8>> {
        let Self::Base64 { mark } = self else { return vec![secret.as_bytes().to_vec()] };
        let marked = secret.strip_prefix(mark);
        // Some senders show a key in the alphabet of URLs.
        let text = marked.unwrap_or(secret).replace('-', "+").replace('_', "/");
        let decoded = STANDARD.decode(text).ok().filter(|key| !key.is_empty());
        let itself = marked.is_none().then(|| secret.as_bytes().to_vec());
        decoded.into_iter().chain(itself).collect()
    }
}
