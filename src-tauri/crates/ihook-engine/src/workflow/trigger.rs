//! The webhook trigger and its options.

use serde_json::{Map, Value};

use super::authentication::{self, Authentication};
use super::handshake::Handshake;
use super::members::Members;
use super::{FileFault, Network};

/// The most a body may ever have: iWorkflow's limit for a pipeline object, 200 MiB.
const MAX_BODY_BYTES: u64 = 200 * 1024 * 1024;

/// How deliveries are received (docs/behavior.md#receiving).
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The pipeline property that takes the request's metadata.
    pub metadata_output_property: Option<String>,
    /// Answer 202 where 200 would be answered.
    pub return_202_accepted: bool,
    /// Empty every answer.
    pub omit_response_body: bool,
    /// Run the leading schema check inside the request.
    pub validate_before_answering: bool,
    /// Run deliveries strictly one at a time.
    pub ordered: bool,
    /// How the sender proves itself, beside the URL.
    pub authentication: Option<Authentication>,
    /// Blocks the sender must be in, each valid for [`Network::parse`]; empty: anyone.
    pub allow_addresses: Vec<String>,
    /// The most deliveries taken.
    pub rate_limit: Option<RateLimit>,
    /// How a repeated delivery is known.
    pub idempotency: Option<Idempotency>,
    /// Origins that browsers may call from; empty: none.
    pub cors: Vec<String>,
    /// A top-level list becomes `{"items": […]}`.
    pub wrap_array: bool,
    /// A form-encoded body becomes an object.
    pub accept_form: bool,
    /// How the sender checks the address before it sends.
    pub handshake: Option<Handshake>,
    /// The sender's preset.
    pub preset: Option<String>,
    /// The body limit of this workflow, in bytes.
    pub max_body_bytes: Option<u64>,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Tokens regained a second; above 0.
    pub per_second: f64,
    /// The bucket's size; at least 1.
    pub burst: u32,
}

/// How a repeated delivery is known, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Where the key comes from.
    pub from: IdempotencyFrom,
    /// Hours a key is remembered, 1 to 720.
    pub window_hours: u32,
}

/// Where an idempotency key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyFrom {
    /// A header, its name in lower case.
    Header(String),
    /// A JSON pointer into the payload.
    Pointer(String),
    /// A template over the payload.
    Template(String),
}

impl Default for Trigger {
    fn default() -> Self {
        Self {
            metadata_output_property: None,
            return_202_accepted: false,
            omit_response_body: false,
            validate_before_answering: true,
            ordered: false,
            authentication: None,
            allow_addresses: Vec::new(),
            rate_limit: None,
            idempotency: None,
            cors: Vec::new(),
            wrap_array: false,
            accept_form: false,
            handshake: None,
            preset: None,
            max_body_bytes: None,
        }
    }
}

/// The senders whose ways are known.
pub(crate) const PRESETS: [&str; 2] = ["cvent", "swapcard"];

impl Trigger {
    pub(super) fn parse(value: Option<&Value>) -> Result<Self, FileFault> {
        let empty = Value::Object(Map::new());
        let mut members = Members::of(value.unwrap_or(&empty), "/trigger".to_owned(), "The trigger")?;
        if let Some(other) = members.filled("type")?.filter(|kind| *kind != "webhook") {
            let message = format!("There is no trigger type \"{other}\"; use \"webhook\".");
            return Err(members.fault("type", message));
        }
        let trigger = Self {
            metadata_output_property: members
                .filled("metadataOutputProperty")?
                .map(|name| name.trim().to_owned()),
            return_202_accepted: members.flag("return202Accepted", false)?,
            omit_response_body: members.flag("omitResponseBody", false)?,
            validate_before_answering: members.flag("validateBeforeAnswering", true)?,
            ordered: members.flag("ordered", false)?,
            authentication: members.value("authentication").map(authentication::parse).transpose()?,
            allow_addresses: addresses(&mut members)?,
            rate_limit: members.value("rateLimit").map(parse_rate_limit).transpose()?,
            idempotency: members.value("idempotency").map(parse_idempotency).transpose()?,
            cors: origins(&mut members)?,
            wrap_array: members.flag("wrapArray", false)?,
            accept_form: members.flag("acceptForm", false)?,
            handshake: Handshake::parse(&mut members)?,
            preset: members.filled("preset")?.map(str::to_owned),
            max_body_bytes: members.whole("maxBodyBytes", 1, MAX_BODY_BYTES)?,
        };
        members.finish()?;
        Ok(trigger)
    }
}

/// Whether the text can be a header's name (RFC 9110 §5.6.2, `token`).
pub(super) fn is_header_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn addresses(members: &mut Members<'_>) -> Result<Vec<String>, FileFault> {
    let mut blocks = Vec::new();
    for (path, text) in members.texts("allowAddresses")? {
        if Network::parse(text.trim()).is_none() {
            let message = format!("\"{text}\" is not an address block such as 192.0.2.0/24.");
            return Err(FileFault::at(path, message));
        }
        blocks.push(text.trim().to_owned());
    }
    Ok(blocks)
}

fn origins(members: &mut Members<'_>) -> Result<Vec<String>, FileFault> {
    let mut origins = Vec::new();
    for (path, text) in members.texts("cors")? {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_origin = host.is_some_and(|host| {
            !host.is_empty()
                && !host.bytes().any(|byte| byte == b'/' || byte == b'@' || !byte.is_ascii_graphic())
        });
        if text != "*" && !is_origin {
            let message = format!("\"{text}\" is not an origin such as https://app.example.org (or \"*\").");
            return Err(FileFault::at(path, message));
        }
        origins.push(text.to_owned());
    }
    Ok(origins)
}

fn parse_rate_limit(value: &Value) -> Result<RateLimit, FileFault> {
    let mut members = Members::of(value, "/trigger/rateLimit".to_owned(), "The rate limit")?;
    let per_second = match members.value("perSecond") {
        None => return Err(members.missing("perSecond")),
        Some(value) => value.as_f64().filter(|rate| rate.is_finite() && *rate > 0.0),
    };
    let Some(per_second) = per_second else {
        return Err(members.fault("perSecond", "\"perSecond\" must be a number above 0."));
    };
    let burst =
        members.whole("burst", 1, 1_000_000)?.and_then(|burst| u32::try_from(burst).ok()).unwrap_or(1);
    members.finish()?;
    Ok(RateLimit { per_second, burst })
}

fn parse_idempotency(value: &Value) -> Result<Idempotency, FileFault> {
    let mut members = Members::of(value, "/trigger/idempotency".to_owned(), "Idempotency")?;
    let from = members.required_text("from")?;
    let from = match from.split_once(':') {
        Some(("header", name)) if is_header_name(name.trim()) => {
            IdempotencyFrom::Header(name.trim().to_ascii_lowercase())
        }
        Some(("pointer", pointer)) if is_pointer(pointer) => IdempotencyFrom::Pointer(pointer.to_owned()),
        Some(("template", template)) if !template.trim().is_empty() => {
            IdempotencyFrom::Template(template.trim().to_owned())
        }
        _ => {
            let message =
                "\"from\" must be \"header:<name>\", \"pointer:/<member>\" or \"template:<template>\".";
            return Err(members.fault("from", message));
        }
    };
    let window_hours = members.whole("windowHours", 1, 720)?.and_then(|hours| u32::try_from(hours).ok());
    members.finish()?;
    Ok(Idempotency { from, window_hours: window_hours.unwrap_or(24) })
}

/// RFC 6901, without the empty pointer: the whole payload is no key.
fn is_pointer(text: &str) -> bool {
    text.starts_with('/') && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}
