//! Passwords of iMIS accounts. Each belongs to the origin (scheme, host and port) that it was entered for: neither a
//! changed address nor a restored database sends it anywhere else.

use url::Url;
use zeroize::Zeroizing;

use crate::secrets::{CONNECTION, SecretsError, Vault};

/// What is kept for a connection.
#[derive(Debug)]
pub(crate) enum Kept {
    /// Nothing.
    Nothing,
    /// The password for where the connection leads.
    Here(Zeroizing<String>),
    /// A password for this other origin.
    Elsewhere(String),
}

impl Kept {
    /// Whether the connection can sign in with it.
    pub(crate) fn is_here(&self) -> bool {
        matches!(self, Self::Here(_))
    }
}

/// Under which name a connection's password is kept.
pub(crate) fn entry(connection: &str) -> String {
    format!("{CONNECTION}/{connection}")
}

/// What is kept for a connection that leads to `base_url`. A password that an earlier program kept without its origin
/// belongs to this one from now on.
pub(crate) async fn read(vault: &Vault, connection: &str, base_url: &str) -> Result<Kept, SecretsError> {
    let Some(text) = vault.get(&entry(connection)).await? else { return Ok(Kept::Nothing) };
    let here = origin(base_url);
    match text.split_once('\n').filter(|(there, _)| *there == origin(there)) {
        Some((there, password)) if there == here => Ok(Kept::Here(Zeroizing::new(password.to_owned()))),
        Some((there, _)) => Ok(Kept::Elsewhere(there.to_owned())),
        None => {
            keep(vault, connection, base_url, &text).await?;
            Ok(Kept::Here(text))
        }
    }
}

/// Keeps a password for a connection that leads to `base_url`.
pub(crate) async fn keep(
    vault: &Vault,
    connection: &str,
    base_url: &str,
    password: &str,
) -> Result<(), SecretsError> {
    let text = Zeroizing::new(format!("{}\n{password}", origin(base_url)));
    vault.set(&entry(connection), &text).await
}

/// Scheme, host and port of an address; nothing that any address has where it is none.
fn origin(base_url: &str) -> String {
    Url::parse(base_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::SecretsKind;

    async fn check(vault: &Vault, base_url: &str, expected: Result<&str, &str>) {
        let kept = read(vault, "live", base_url).await.unwrap();
        match (&kept, expected) {
            (Kept::Here(password), Ok(wanted)) => assert_eq!(password.as_str(), wanted, "{base_url}"),
            (Kept::Elsewhere(there), Err(wanted)) => assert_eq!(there, wanted, "{base_url}"),
            _ => panic!("{base_url}: {kept:?}"),
        }
    }

    #[tokio::test]
    async fn a_password_is_read_for_its_own_origin_alone() {
        let vault = Vault::open(&SecretsKind::Memory, Path::new(""), true).unwrap();
        assert!(matches!(read(&vault, "live", "https://a.example").await.unwrap(), Kept::Nothing));
        keep(&vault, "live", "https://a.example/Asi.Scheduler_Demo", "pass\nword").await.unwrap();
        for same in ["https://a.example", "https://a.example:443/other", "https://A.EXAMPLE/"] {
            check(&vault, same, Ok("pass\nword")).await;
        }
        for other in [
            "http://a.example",
            "https://a.example:8443",
            "https://b.example",
            "https://a.example.b.example",
            "",
        ] {
            check(&vault, other, Err("https://a.example")).await;
        }
    }

    #[tokio::test]
    async fn one_that_was_kept_without_its_origin_belongs_to_the_first_that_asks() {
        for password in ["secret", "two\nlines", "https://\nno origin"] {
            let vault = Vault::open(&SecretsKind::Memory, Path::new(""), true).unwrap();
            vault.set(&entry("live"), password).await.unwrap();
            check(&vault, "https://a.example", Ok(password)).await;
            check(&vault, "https://b.example", Err("https://a.example")).await;
        }
    }
}
