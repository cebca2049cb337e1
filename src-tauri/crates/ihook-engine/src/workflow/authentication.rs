//! How a sender proves itself, beside knowing the URL.

use serde::Deserialize;
use serde_json::Value;

use super::FileFault;
use super::members::Members;
use super::trigger::is_header_name;

/// Sender authentication with everything that the scheme decides filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// What is compared.
    pub kind: AuthenticationKind,
    /// The header that carries it, in lower case.
    pub header: String,
    /// What stands before the value or signature in that header.
    pub prefix: String,
    /// How far the sender's time stamp may be off; none where nothing asks for it.
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
    Hmac {
        /// Whose rules apply.
        scheme: Scheme,
        /// The hash.
        algorithm: Algorithm,
        /// How the signature is written.
        encoding: Encoding,
    },
}

/// Whose signing rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Standard Webhooks 1.0: `{webhook-id}.{webhook-timestamp}.{body}` is signed.
    StandardWebhooks,
    /// GitHub: the body is signed.
    Github,
    /// Swapcard: the body is signed.
    Swapcard,
    /// The body is signed; header, algorithm, encoding and prefix are the workflow's own.
    Custom,
}

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
    /// Hexadecimal digits.
    Hex,
    /// Base64, standard alphabet.
    Base64,
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
            AuthenticationKind::Hmac { scheme: Scheme::StandardWebhooks, .. } => SecretUse::StandardWebhooks,
            AuthenticationKind::Hmac { .. } => SecretUse::Signature,
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
    let scheme = match given.scheme {
        None | Some("custom") => Scheme::Custom,
        Some("standardWebhooks") => Scheme::StandardWebhooks,
        Some("github") => Scheme::Github,
        Some("swapcard") => Scheme::Swapcard,
        Some(other) => {
            let message = format!(
                "There is no scheme \"{other}\"; use \"standardWebhooks\", \"github\", \"swapcard\" or \"custom\"."
            );
            return Err(members.fault("scheme", message));
        }
    };
    let algorithm = match given.algorithm.map(|name| name.to_ascii_lowercase().replace('-', "")).as_deref() {
        None | Some("sha256") => Algorithm::Sha256,
        Some("sha1") => Algorithm::Sha1,
        Some("sha512") => Algorithm::Sha512,
        Some(_) => return Err(members.fault("algorithm", "Use \"sha256\", \"sha512\" or \"sha1\".")),
    };
    let encoding = match given.encoding.map(str::to_ascii_lowercase).as_deref() {
        None => None,
        Some("hex") => Some(Encoding::Hex),
        Some("base64") => Some(Encoding::Base64),
        Some(_) => return Err(members.fault("encoding", "Use \"hex\" or \"base64\".")),
    };
    let fixed = match scheme {
        Scheme::StandardWebhooks => Some(("webhook-signature", "v1,", Encoding::Base64)),
        Scheme::Github => Some(("x-hub-signature-256", "sha256=", Encoding::Hex)),
        Scheme::Swapcard => Some(("x-signature-256", "sha256=", Encoding::Hex)),
        Scheme::Custom => None,
    };
    let Some((header, prefix, fixed_encoding)) = fixed else {
        let Some(header) = given.header.clone() else { return Err(members.missing("header")) };
        let kind =
            AuthenticationKind::Hmac { scheme, algorithm, encoding: encoding.unwrap_or(Encoding::Hex) };
        let prefix = given.prefix.unwrap_or_default().to_owned();
        return Ok(Authentication { kind, header, prefix, tolerance_seconds: given.tolerance_seconds });
    };
    let contradictions = [
        ("header", given.header.as_deref().is_some_and(|name| name != header)),
        ("prefix", given.prefix.is_some_and(|text| text != prefix)),
        ("algorithm", algorithm != Algorithm::Sha256),
        ("encoding", encoding.is_some_and(|encoding| encoding != fixed_encoding)),
        ("toleranceSeconds", given.tolerance_seconds.is_some() && scheme != Scheme::StandardWebhooks),
    ];
    if let Some((name, _)) = contradictions.iter().find(|(_, wrong)| *wrong) {
        let message =
            format!("This scheme decides \"{name}\" itself; leave it out, or use the scheme \"custom\".");
        return Err(members.fault(name, message));
    }
    let tolerance_seconds =
        (scheme == Scheme::StandardWebhooks).then_some(given.tolerance_seconds.unwrap_or(300));
    let kind = AuthenticationKind::Hmac { scheme, algorithm, encoding: fixed_encoding };
    Ok(Authentication { kind, header: header.to_owned(), prefix: prefix.to_owned(), tolerance_seconds })
}
