//! One URL in the spellings that clients and proxies give it.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// The path with runs of slashes as one, and with unreserved characters as themselves (RFC 3986 §6.2.2.2). Nothing
/// else is decoded, nothing twice, and dots lead nowhere.
pub(super) fn plain(path: &str) -> Cow<'_, str> {
    if !path.contains('%') && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(character) = rest.chars().next() {
        match escaped_unreserved(rest) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &rest[3..];
            }
            None => {
                if character != '/' || !plain.ends_with('/') {
                    plain.push(character);
                }
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    Cow::Owned(plain)
}

/// The unreserved character whose escape the text begins with.
fn escaped_unreserved(text: &str) -> Option<u8> {
    let escape = text.get(..3).filter(|escape| escape.starts_with('%'))?;
    let byte = percent_decode(escape.as_bytes()).next()?;
    (byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)).then_some(byte)
}

/// Key and token of a hook's plain path. A proxy may leave the prefix of the public base URL on or take it off; one
/// slash may follow the token.
pub(super) fn target<'a>(path: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let stripped = path.strip_prefix(prefix).unwrap_or(path);
    let (key, token) =
        [stripped, path].into_iter().find_map(|path| path.strip_prefix("/hooks/")?.split_once('/'))?;
    Some((key, token.strip_suffix('/').unwrap_or(token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hooks_path_has_a_key_and_a_token_behind_the_prefix_or_without_it() {
        let check = |path: &str, prefix: &str, expected: Option<(&str, &str)>| {
            assert_eq!(target(&plain(path), prefix), expected, "{path} with {prefix:?}");
        };
        check("/hooks/key/token", "", Some(("key", "token")));
        check("/hooks/key/token", "/ihook", Some(("key", "token")));
        check("/ihook/hooks/key/token", "/ihook", Some(("key", "token")));
        check("/ihook/hooks/key/token", "", None);
        check("/hooks/hooks/key/token", "/hooks", Some(("key", "token")));
        check("/hooks/key", "", None);
        check("/hooks", "", None);
        check("/", "/ihook", None);

        check("/hooks/key/token/", "", Some(("key", "token")));
        check("/hooks/key/token//", "", Some(("key", "token")));
        check("//hooks/key/token", "", Some(("key", "token")));
        check("/hooks//key///token", "", Some(("key", "token")));
        check("/ihook//hooks/key/token", "/ihook", Some(("key", "token")));
        check("/%68ooks/k%65y/t%6Fken%2d%2E%5f%7e", "", Some(("key", "token-._~")));

        check("/hooks/key/", "", Some(("key", "")));
        check("/hooks/key/token/x", "", Some(("key", "token/x")));
        check("/hooks/key/token/./", "", Some(("key", "token/.")));
        check("/hooks/key%2ftoken", "", None);
        check("/hooks/key/token%2f", "", Some(("key", "token%2f")));
        check("/hooks/key/t%256fken", "", Some(("key", "t%256fken")));
        check("/hooks/key/token%00%", "", Some(("key", "token%00%")));
        check("/hooks/key/token%6", "", Some(("key", "token%6")));
        check("/x/%2e%2e/hooks/key/token", "", None);
        check("/hooks/key/\u{fc}%\u{fc}%6f//", "", Some(("key", "\u{fc}%\u{fc}o")));
    }
}
