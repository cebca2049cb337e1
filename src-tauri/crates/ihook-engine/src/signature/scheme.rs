//! The table of schemes. A new sender is a new row, and words for it on the screens.

use super::digest::{Algorithm, Encoding};
use super::key::KeyForm;
use crate::workflow::Authentication;

/// One sender's way to sign.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in workflow files.
    pub id: &'static str,
    /// Under which names the headers come, in any of these sets; none where the workflow names the header.
    pub headers: &'static [SignedHeaders<'static>],
    /// What stands before each signature.
    pub prefix: &'static str,
    /// What stands between the pieces of the header, where it holds several signatures.
    pub separator: Option<char>,
    /// The hash.
    pub algorithm: Algorithm,
    /// How the signature is written.
    pub encoding: Encoding,
    /// What is signed, in this order.
    pub signed: &'static [Part],
    /// Where the sender's time stands, where one is signed.
    pub stamp: Option<Stamp>,
    /// Seconds that the time may be off where the workflow says nothing; none: any time.
    pub tolerance: Option<u32>,
    /// What the secret is.
    pub key: KeyForm,
    /// The same with the sender's time in the header: followed where a tolerance is asked for, or where the header
    /// begins with the time.
    pub stamped: Option<&'static Self>,
}

/// The headers that belong together, names in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHeaders<'a> {
    /// The signature.
    pub signature: &'a str,
    /// The message's id, where it is signed.
    pub id: Option<&'a str>,
    /// The time, where it has a header of its own.
    pub stamp: Option<&'a str>,
}

/// A part of what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The message's id.
    Id,
    /// The time as it was sent.
    Stamp,
    /// The raw body.
    Body,
    /// These characters.
    Text(&'static str),
}

/// Where a signed time stands: seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// In a header of its own.
    Header,
    /// In the signature's header, behind this mark.
    Piece(&'static str),
}

const ONLY_BODY: &[Part] = &[Part::Body];
const ID_STAMP_BODY: &[Part] = &[Part::Id, Part::Text("."), Part::Stamp, Part::Text("."), Part::Body];
const STAMP_BODY: &[Part] = &[Part::Stamp, Part::Text("."), Part::Body];

const WEBHOOK: SignedHeaders<'static> = SignedHeaders {
    signature: "webhook-signature",
    id: Some("webhook-id"),
    stamp: Some("webhook-timestamp"),
};
const SVIX: SignedHeaders<'static> =
    SignedHeaders { signature: "svix-signature", id: Some("svix-id"), stamp: Some("svix-timestamp") };

/// A hexadecimal SHA-256 of the body: what most senders do, and what every row says only how it differs from.
const PLAIN: Scheme = Scheme {
    id: "custom",
    headers: &[],
    prefix: "",
    separator: None,
    algorithm: Algorithm::Sha256,
    encoding: Encoding::Hex,
    signed: ONLY_BODY,
    stamp: None,
    tolerance: None,
    key: KeyForm::Text,
    stamped: None,
};

/// `t=<time>,v1=<signature>`, where any of several signatures is enough.
const STAMPED: Scheme = Scheme {
    prefix: "v1=",
    separator: Some(','),
    signed: STAMP_BODY,
    stamp: Some(Stamp::Piece("t=")),
    ..PLAIN
};

const STANDARD_WEBHOOKS: Scheme = Scheme {
    id: "standardWebhooks",
    headers: &[WEBHOOK, SVIX],
    prefix: "v1,",
    separator: Some(' '),
    encoding: Encoding::Base64,
    signed: ID_STAMP_BODY,
    stamp: Some(Stamp::Header),
    tolerance: Some(300),
    key: KeyForm::STANDARD_WEBHOOKS,
    ..PLAIN
};

/// Every scheme, in the order in which they are offered. Sources: Standard Webhooks 1.0; the documentation on
/// webhooks of Svix, GitHub, Stripe (whose `whsec_…` is the key as it stands), Zoom and Swapcard.
pub const SCHEMES: &[Scheme] = &[
    STANDARD_WEBHOOKS,
    Scheme { id: "svix", headers: &[SVIX, WEBHOOK], ..STANDARD_WEBHOOKS },
    Scheme { id: "github", headers: &[only("x-hub-signature-256")], prefix: "sha256=", ..PLAIN },
    Scheme { id: "stripe", headers: &[only("stripe-signature")], ..STAMPED },
    Scheme {
        id: "zoom",
        headers: &[SignedHeaders {
            signature: "x-zm-signature",
            id: None,
            stamp: Some("x-zm-request-timestamp"),
        }],
        prefix: "v0=",
        signed: &[Part::Text("v0:"), Part::Stamp, Part::Text(":"), Part::Body],
        stamp: Some(Stamp::Header),
        ..PLAIN
    },
    Scheme { id: "swapcard", headers: &[only("x-signature-256")], prefix: "sha256=", ..PLAIN },
    Scheme { stamped: Some(&STAMPED), ..PLAIN },
];

const fn only(signature: &'static str) -> SignedHeaders<'static> {
    SignedHeaders { signature, id: None, stamp: None }
}

impl Scheme {
    /// The scheme of this name.
    #[must_use]
    pub fn of(id: &str) -> Option<&'static Self> {
        SCHEMES.iter().find(|scheme| scheme.id == id)
    }

    /// Whether a sender's time can be signed, and so a tolerance be asked for.
    #[must_use]
    pub fn has_stamp(&self) -> bool {
        self.stamp.is_some() || self.stamped.is_some()
    }

    /// The row that a header's value follows.
    pub(super) fn form_of(&'static self, value: &str, wanted: &Authentication) -> &'static Self {
        match self.stamped {
            Some(stamped) if wanted.tolerance_seconds.is_some() => stamped,
            Some(stamped) => match stamped.stamp {
                Some(Stamp::Piece(mark)) if value.starts_with(mark) && !wanted.prefix.starts_with(mark) => {
                    stamped
                }
                _ => self,
            },
            None => self,
        }
    }

    /// The workflow's own prefix, or the scheme's.
    pub(super) fn prefix<'a>(&'a self, wanted: &'a Authentication) -> &'a str {
        if wanted.prefix.is_empty() { self.prefix } else { &wanted.prefix }
    }

    /// The signatures, and whatever else stands in the header.
    pub(super) fn pieces<'a>(&self, value: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let (first, rest) = match self.separator {
            None => (Some(value), None),
            Some(separator) => (None, Some(value.split(separator))),
        };
        first.into_iter().chain(rest.into_iter().flatten()).map(str::trim)
    }
}
