//! How a sender proves itself, beside knowing the URL.

use serde::Deserialize;
use serde_json::Value;

use super::FileFault;
use super::members::Members;
use super::trigger::is_header_name;
use crate::signature::{Algorithm, Encoding, KeyForm, SCHEMES, Scheme, Signing};

/// Sender authentication with everything that the scheme decides filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// What is compared.
    pub kind: AuthenticationKind,
    /// The header that carries it, in lower case.
    pub header: String,
    /// What stands before the value or signature in that header.
    pub prefix: String,
    /// How far the sender's time stamp may be off; none where nothing asks for it, 0 where it may be any.
    pub tolerance_seconds: Option<u32>,
}

/// What authenticates a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthenticationKind {
    /// The header equals the secret.
    Header,
    /// HTTP Basic; the secret is `user:password`.
    Basic,
    /// A signature of the body.
    Hmac(Signing),
}

/// What a sender's secret is used as: one that was made for another use proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretUse {
    /// The value of a header.
    Header,
    /// `user:password` of HTTP Basic.
    Basic,
    /// The key of Standard Webhooks.
    StandardWebhooks,
    /// The key of any other signature.
    Signature,
}

impl SecretUse {
    const ALL: [Self; 4] = [Self::Header, Self::Basic, Self::StandardWebhooks, Self::Signature];

    /// As it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Basic => "basic",
            Self::StandardWebhooks => "standardWebhooks",
            Self::Signature => "signature",
        }
    }

    /// What was kept as [`SecretUse::as_str`].
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }

    /// What a secret is to a scheme.
    #[must_use]
    pub fn of_scheme(scheme: &Scheme) -> Self {
        match scheme.key {
            KeyForm::Text => Self::Signature,
            KeyForm::Base64 { .. } => Self::StandardWebhooks,
        }
    }

    /// What is wrong with a secret that no sender could prove itself with; none is known to be used as anything
    /// where `used_as` is none.
    #[must_use]
    pub fn fault_of(used_as: Option<Self>, secret: &str) -> Option<&'static str> {
        if secret.trim() != secret || secret.chars().any(char::is_control) {
            return Some(
                "secret must not begin or end with a space, and hold no line break or other control character.",
            );
        }
        if used_as == Some(Self::Basic) && !secret.contains(':') {
            return Some("secret must be the user, a colon and the password.");
        }
        let is_key = matches!(used_as, None | Some(Self::StandardWebhooks));
        if is_key && KeyForm::STANDARD_WEBHOOKS.keys(secret).is_empty() {
            return Some(
                "secret begins with whsec_, but what follows is no base64: copy it from the sender once more.",
            );
        }
        None
    }

    /// As part of a sentence.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Header => "the value of a header",
            Self::Basic => "a user and a password",
            Self::StandardWebhooks => "a key of Standard Webhooks",
            Self::Signature => "a signing key",
        }
    }
}

impl Authentication {
    /// What the secret is used as.
    #[must_use]
    pub fn secret_use(&self) -> SecretUse {
        match self.kind {
            AuthenticationKind::Header => SecretUse::Header,
            AuthenticationKind::Basic => SecretUse::Basic,
            AuthenticationKind::Hmac(signing) => SecretUse::of_scheme(signing.scheme),
        }
    }
}

/// Reads the trigger's `authentication`; what contradicts the kind or the scheme is refused.
pub(super) fn parse(value: &Value) -> Result<Authentication, FileFault> {
    let mut members = Members::of(value, "/trigger/authentication".to_owned(), "Authentication")?;
    let kind = members.required_text("kind")?;
    let given = Given {
        header: members.filled("header")?.map(|name| name.trim().to_ascii_lowercase()),
        scheme: members.filled("scheme")?,
        algorithm: members.filled("algorithm")?,
        encoding: members.filled("encoding")?,
        prefix: members.text("prefix")?,
        tolerance_seconds: members
            .whole("toleranceSeconds", 0, 604_800)?
            .and_then(|seconds| u32::try_from(seconds).ok()),
    };
    if given.header.as_deref().is_some_and(|name| !is_header_name(name)) {
        return Err(members.fault("header", "This cannot be the name of a header."));
    }
    let found = match kind {
        "header" => plain(&members, &given, AuthenticationKind::Header),
        "basic" => plain(&members, &given, AuthenticationKind::Basic),
        "hmac" => hmac(&members, &given),
        other => {
            let message = format!("There is no kind \"{other}\"; use \"header\", \"basic\" or \"hmac\".");
            Err(members.fault("kind", message))
        }
    }?;
    members.finish()?;
    Ok(found)
}

struct Given<'a> {
    header: Option<String>,
    scheme: Option<&'a str>,
    algorithm: Option<&'a str>,
    encoding: Option<&'a str>,
    prefix: Option<&'a str>,
    tolerance_seconds: Option<u32>,
}

/// A fixed value: what is not signed has no scheme, algorithm, encoding or time stamp.
fn plain(
    members: &Members<'_>,
    given: &Given<'_>,
    kind: AuthenticationKind,
) -> Result<Authentication, FileFault> {
    let signed_only = [
        ("scheme", given.scheme.is_some()),
        ("algorithm", given.algorithm.is_some()),
        ("encoding", given.encoding.is_some()),
        ("toleranceSeconds", given.tolerance_seconds.is_some()),
    ];
    if let Some((name, _)) = signed_only.iter().find(|(_, present)| *present) {
        return Err(members.fault(name, format!("\"{name}\" belongs to the kind \"hmac\" only.")));
    }
    if kind == AuthenticationKind::Basic {
        if given.header.as_deref().is_some_and(|name| name != "authorization") {
            return Err(members.fault("header", "Basic authentication always uses the header Authorization."));
        }
        if given.prefix.is_some() {
            return Err(members.fault("prefix", "Basic authentication has no prefix."));
        }
        let (header, prefix) = ("authorization".to_owned(), "Basic ".to_owned());
        return Ok(Authentication { kind, header, prefix, tolerance_seconds: None });
    }
    let Some(header) = given.header.clone() else { return Err(members.missing("header")) };
    Ok(Authentication {
        kind,
        header,
        prefix: given.prefix.unwrap_or_default().to_owned(),
        tolerance_seconds: None,
    })
}

fn hmac(members: &Members<'_>, given: &Given<'_>) -> Result<Authentication, FileFault> {
    let id = given.scheme.unwrap_or("custom");
    let Some(scheme) = Scheme::of(id) else {
        let known: Vec<_> = SCHEMES.iter().map(|scheme| format!("\"{}\"", scheme.id)).collect();
        let message = format!("There is no scheme \"{id}\"; use one of {}.", known.join(", "));
        return Err(members.fault("scheme", message));
    };
    let algorithm = match given.algorithm.map(|name| name.to_ascii_lowercase().replace('-', "")).as_deref() {
        None => None,
        Some("sha256") => Some(Algorithm::Sha256),
        Some("sha1") => Some(Algorithm::Sha1),
        Some("sha512") => Some(Algorithm::Sha512),
        Some(_) => return Err(members.fault("algorithm", "Use \"sha256\", \"sha512\" or \"sha1\".")),
    };
    let encoding = given.encoding.map(|name| {
        let mut known = Encoding::ALL.iter();
        let found = known.find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, encoding)| *encoding);
        found.ok_or_else(|| members.fault("encoding", "Use \"hex\", \"base64\" or \"base64url\"."))
    });
    let encoding = encoding.transpose()?;
    let fixed = scheme.headers.first();
    if fixed.is_some() {
        agree(members, given, scheme, algorithm, encoding)?;
    }
    let header = match fixed {
        Some(names) => names.signature.to_owned(),
        None => given.header.clone().ok_or_else(|| members.missing("header"))?,
    };
    let prefix = if fixed.is_some() { scheme.prefix } else { given.prefix.unwrap_or_default() };
    let signing = Signing {
        scheme,
        algorithm: algorithm.unwrap_or(scheme.algorithm),
        encoding: encoding.unwrap_or(scheme.encoding),
    };
    Ok(Authentication {
        kind: AuthenticationKind::Hmac(signing),
        header,
        prefix: prefix.to_owned(),
        tolerance_seconds: given.tolerance_seconds.or(scheme.tolerance),
    })
}

/// What a scheme decides itself may be written, but not otherwise.
fn agree(
    members: &Members<'_>,
    given: &Given<'_>,
    scheme: &Scheme,
    algorithm: Option<Algorithm>,
    encoding: Option<Encoding>,
) -> Result<(), FileFault> {
    let is_own = |name: &str| scheme.headers.iter().any(|names| names.signature == name);
    let contradictions = [
        ("header", given.header.as_deref().is_some_and(|name| !is_own(name))),
        ("prefix", given.prefix.is_some_and(|text| text != scheme.prefix)),
        ("algorithm", algorithm.is_some_and(|algorithm| algorithm != scheme.algorithm)),
        ("encoding", encoding.is_some_and(|encoding| encoding != scheme.encoding)),
        ("toleranceSeconds", given.tolerance_seconds.is_some() && !scheme.has_stamp()),
    ];
    match contradictions.iter().find(|(_, wrong)| *wrong) {
        None => Ok(()),
        Some((name, _)) => {
            let message =
                format!("This scheme decides \"{name}\" itself; leave it out, or use the scheme \"custom\".");
            Err(members.fault(name, message))
        }
    }
}
