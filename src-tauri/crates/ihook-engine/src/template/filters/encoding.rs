//! Base64, with the letters of RFC 4648 §4 or those that are safe in a URL (§5).

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::value::Value;
use super::{Call, Filter, Result, filter};
use crate::step_error::shown;

pub(super) const FILTERS: &[Filter] = &[
    filter("base64_decode", 0, 0, |call| decode(call, &STANDARD)),
    filter("base64_encode", 0, 0, |call| encode(call, &STANDARD)),
    filter("base64_url_safe_decode", 0, 0, |call| decode(call, &URL_SAFE)),
    filter("base64_url_safe_encode", 0, 0, |call| encode(call, &URL_SAFE)),
];

/// Padded when it is written, and read with padding or without.
fn engine(alphabet: &Alphabet) -> GeneralPurpose {
    let padding = DecodePaddingMode::Indifferent;
    GeneralPurpose::new(alphabet, GeneralPurposeConfig::new().with_decode_padding_mode(padding))
}

fn encode<'r>(call: &Call<'_, 'r>, alphabet: &Alphabet) -> Result<Value<'r>> {
    Ok(Value::text(engine(alphabet).encode(call.text()?.as_bytes())))
}

fn decode<'r>(call: &Call<'_, 'r>, alphabet: &Alphabet) -> Result<Value<'r>> {
    let text = call.text()?;
    let bytes = engine(alphabet).decode(text.as_bytes()).ok();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map(Value::text).ok_or_else(|| call.fault(format!("finds no text in {}", shown(&text))))
}
