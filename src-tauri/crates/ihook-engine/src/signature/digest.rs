//! HMACs, and how they are written.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

/// The hash of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal digits in either case.
    Hex,
    /// Base64, standard alphabet; padded or not.
    Base64,
    /// Base64, the alphabet of URLs; padded or not.
    Base64Url,
}

const fn base64(alphabet: &alphabet::Alphabet, is_padded: bool) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(is_padded)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

/// Writes padding, and reads with it or without.
pub(super) const STANDARD: GeneralPurpose = base64(&alphabet::STANDARD, true);
/// Writes no padding, and reads with it or without.
const URL_SAFE: GeneralPurpose = base64(&alphabet::URL_SAFE, false);

impl Encoding {
    /// Every way, with its name in workflow files.
    pub(crate) const ALL: [(&'static str, Self); 3] =
        [("hex", Self::Hex), ("base64", Self::Base64), ("base64url", Self::Base64Url)];

    /// As a sender writes it.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE.encode(bytes),
        }
    }

    /// What was written; none where it was not written so.
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => unhex(text),
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Base64Url => URL_SAFE.decode(text).ok(),
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| Some(digit(*high)? * 16 + digit(*low)?)).collect())?
}

/// The HMAC of the parts, one behind the other.
pub fn hmac<'a>(algorithm: Algorithm, key: &[u8], parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    fn of<'a, M: Mac + KeyInit>(key: &[u8], parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
        // An HMAC key may have any length.
        let mac = M::new_from_slice(key).map(|mac| parts.fold(mac, |mac, part| mac.chain_update(part)));
        mac.map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
    }
    match algorithm {
        Algorithm::Sha1 => of::<Hmac<Sha1>>(key, parts),
        Algorithm::Sha256 => of::<Hmac<Sha256>>(key, parts),
        Algorithm::Sha512 => of::<Hmac<Sha512>>(key, parts),
    }
}

/// In constant time.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
