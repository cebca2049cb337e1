//! The `Forwarded` header of RFC 7239: `for=192.0.2.60;proto=https;by=203.0.113.43, for="[2001:db8::1]:4711"`.

/// What one proxy says of the request that it passed on. What cannot be read, or is said twice, says nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hop {
    /// Who sent it there: an address with or without a port, `unknown`, or a name of the proxy's own.
    pub(super) node: Option<String>,
    /// How it came there.
    pub(super) scheme: Option<String>,
    /// What it called there.
    pub(super) host: Option<String>,
}

/// The hops, from the first proxy to the last. In a line with a quote that is not closed nobody can tell who wrote
/// what: it is one hop that says nothing.
pub(super) fn hops(line: &str) -> Vec<Hop> {
    let Some(elements) = split(line, ',') else { return vec![Hop::default()] };
    elements.into_iter().filter(|text| !text.trim().is_empty()).map(hop).collect()
}

fn hop(element: &str) -> Hop {
    read(element).unwrap_or_default()
}

fn read(element: &str) -> Option<Hop> {
    let mut hop = Hop::default();
    for pair in split(element, ';')? {
        if pair.trim().is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=')?;
        let value = plain(value.trim())?;
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "for" => &mut hop.node,
            "proto" => &mut hop.scheme,
            "host" => &mut hop.host,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(hop)
}

/// The parts between separators that stand outside of quotes; none when a quote is left open.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if c == separator && !quoted => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (!quoted).then_some(parts)
}

/// A value without the quotes around it. A quote anywhere else is a fault.
fn plain(value: &str) -> Option<String> {
    let Some(rest) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let mut text = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next()?),
            '"' => return chars.next().is_none().then_some(text),
            _ => text.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_says_what_stands_there_once() {
        let check = |line: &str, expected: &[[Option<&str>; 3]]| {
            let found: Vec<_> = hops(line).into_iter().map(|hop| [hop.node, hop.scheme, hop.host]).collect();
            let expected: Vec<_> =
                expected.iter().map(|hop| hop.map(|text| text.map(str::to_owned))).collect();
            assert_eq!(found, expected, "{line}");
        };
        let nothing = [None, None, None];
        check("", &[]);
        check(" , ,", &[]);
        check("for=192.0.2.1;proto=http;by=203.0.113.43", &[[Some("192.0.2.1"), Some("http"), None]]);
        check("FOR=_a ; Host=\"a.example:80\" ;", &[[Some("_a"), None, Some("a.example:80")]]);
        check("for=a, for=b", &[[Some("a"), None, None], [Some("b"), None, None]]);
        check(r#"for="a, b;c""#, &[[Some("a, b;c"), None, None]]);
        check(r#"for="a\"b""#, &[[Some("a\"b"), None, None]]);
        check("for=a;for=b, for=c", &[nothing, [Some("c"), None, None]]);
        check("nonsense, for=c", &[nothing, [Some("c"), None, None]]);
        check(r#"for=a"b", for=c"#, &[nothing, [Some("c"), None, None]]);
        check(r#"for="a"b, for=c"#, &[nothing, [Some("c"), None, None]]);
        check(r#"for=c, for="a"#, &[nothing]);
        check(r#"for="a\"#, &[nothing]);
    }
}
