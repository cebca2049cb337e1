//! How senders sign what they send: a table of schemes, and one interpreter that verifies and signs by it.

mod digest;
mod key;
mod scheme;

pub use digest::{Algorithm, Encoding, hmac};
pub use key::KeyForm;
pub use scheme::{Part, SCHEMES, Scheme, SignedHeaders, Stamp};

use crate::workflow::Authentication;

/// What a workflow asks of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signing {
    /// The row that is followed.
    pub scheme: &'static Scheme,
    /// The hash.
    pub algorithm: Algorithm,
    /// How the signature is written.
    pub encoding: Encoding,
}

/// Why a signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is missing, or no secret makes it.
    Wrong,
    /// It holds, but its time stamp is too far off.
    Stale,
}

/// What is signed, as one request has it.
struct Signed<'a> {
    id: &'a str,
    stamp: &'a str,
    body: &'a [u8],
}

impl Signing {
    /// Whether one of the secrets made one of the signatures of a request. `header` gives the value of a header that
    /// is there once; `now` in seconds since 1970. The time stamp counts only when a signature holds.
    ///
    /// # Errors
    /// Why not.
    pub fn verify<'a>(
        &self,
        wanted: &Authentication,
        secrets: &[&str],
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
        now: i64,
    ) -> Result<(), Fault> {
        let names = self.names(wanted, |name| header(name).is_some());
        let value = header(names.signature).ok_or(Fault::Wrong)?;
        let scheme = self.scheme.form_of(value, wanted);
        let id = names.id.map_or(Some(""), &header).ok_or(Fault::Wrong)?;
        let stamp = match scheme.stamp {
            None => "",
            Some(Stamp::Header) => names.stamp.and_then(&header).ok_or(Fault::Wrong)?,
            Some(Stamp::Piece(mark)) => {
                let mut found = scheme.pieces(value).filter_map(|piece| piece.strip_prefix(mark));
                found.next().filter(|_| found.next().is_none()).ok_or(Fault::Wrong)?
            }
        };
        let prefix = scheme.prefix(wanted);
        let sent =
            scheme.pieces(value).filter_map(|piece| self.encoding.decode(piece.strip_prefix(prefix)?.trim()));
        let sent: Vec<_> = sent.collect();
        let signed = Signed { id, stamp, body };
        let keys = secrets.iter().flat_map(|secret| scheme.key.keys(secret));
        let holds = keys.fold(false, |holds, key| {
            let made = self.made(scheme, &key, &signed);
            sent.iter().fold(holds, |holds, one| holds | digest::same(one, &made))
        });
        if !holds {
            return Err(Fault::Wrong);
        }
        if scheme.stamp.is_none() || is_fresh(stamp, wanted, now) { Ok(()) } else { Err(Fault::Stale) }
    }

    /// The headers that a sender who knows the secret adds to `body`; none where the secret is no key. `id` is the
    /// message's, for schemes that sign one; `now` in seconds since 1970.
    #[must_use]
    pub fn sign(
        &self,
        wanted: &Authentication,
        secret: &str,
        id: &str,
        body: &[u8],
        now: i64,
    ) -> Vec<(String, String)> {
        let names = self.names(wanted, |_| false);
        let scheme = self.scheme.form_of("", wanted);
        let stamp = now.to_string();
        let Some(key) = scheme.key.keys(secret).into_iter().next() else { return Vec::new() };
        let made = self.made(scheme, &key, &Signed { id, stamp: &stamp, body });
        let signature = format!("{}{}", scheme.prefix(wanted), self.encoding.encode(&made));
        let mut headers = Vec::new();
        headers.extend(names.id.map(|name| (name.to_owned(), id.to_owned())));
        headers.extend(names.stamp.map(|name| (name.to_owned(), stamp.clone())));
        let value = match (scheme.stamp, scheme.separator) {
            (Some(Stamp::Piece(mark)), Some(separator)) => format!("{mark}{stamp}{separator}{signature}"),
            _ => signature,
        };
        headers.push((names.signature.to_owned(), value));
        headers
    }

    /// The names under which a request carries what this scheme needs: the first that are there, else the first.
    fn names<'a>(&self, wanted: &'a Authentication, is_there: impl Fn(&str) -> bool) -> SignedHeaders<'a> {
        let mut known = self.scheme.headers.iter();
        let own = SignedHeaders { signature: &wanted.header, id: None, stamp: None };
        let first = self.scheme.headers.first().copied().unwrap_or(own);
        known.find(|names| is_there(names.signature)).copied().unwrap_or(first)
    }

    fn made(&self, scheme: &Scheme, key: &[u8], signed: &Signed<'_>) -> Vec<u8> {
        let parts = scheme.signed.iter().map(|part| match part {
            Part::Id => signed.id.as_bytes(),
            Part::Stamp => signed.stamp.as_bytes(),
            Part::Body => signed.body,
            Part::Text(text) => text.as_bytes(),
        });
        hmac(self.algorithm, key, parts)
    }
}

/// Whether a time stamp is within the tolerance, if one is asked for.
fn is_fresh(stamp: &str, wanted: &Authentication, now: i64) -> bool {
    match wanted.tolerance_seconds {
        None | Some(0) => true,
        Some(most) => stamp.parse::<i64>().is_ok_and(|stamp| now.abs_diff(stamp) <= u64::from(most)),
    }
}

#[cfg(test)]
mod tests;
