//! What must hold of any request before its content counts: one Host, plain framing.

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Version, header};

/// The reason to refuse, if there is one. `public_host` is the host of the public base URL.
pub(super) fn check(parts: &Parts, public_host: Option<&str>) -> Result<(), &'static str> {
    if !matches!(parts.version, Version::HTTP_11 | Version::HTTP_10) {
        return Err("This address speaks HTTP/1 only.");
    }
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err("A request needs exactly one Host header.");
    };
    let host: Authority =
        host.to_str().ok().and_then(|text| text.parse().ok()).ok_or("The Host header is not a host name.")?;
    if parts.uri.authority().is_some_and(|target| target.host() != host.host()) {
        return Err("The Host header and the request line name different hosts.");
    }
    if let Some(public) = public_host
        && !host.host().eq_ignore_ascii_case(public)
        && !is_loopback(host.host())
    {
        return Err("This host name is not served here.");
    }
    let mut codings = parts.headers.get_all(header::TRANSFER_ENCODING).iter();
    let coding = codings.next();
    if codings.next().is_some()
        || coding.is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        return Err("The only Transfer-Encoding taken is chunked.");
    }
    let lengths = parts.headers.get_all(header::CONTENT_LENGTH).iter().count();
    if lengths > 1 || (lengths == 1 && coding.is_some()) {
        return Err("A request needs one Content-Length, or chunked encoding, not both.");
    }
    Ok(())
}

/// Whether a host names this computer.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn check_request(headers: &[(&str, &str)], public: Option<&str>, fine: bool) {
        let mut request = Request::post("/hooks/a/b");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let result = check(&parts, public);
        assert_eq!(result.is_ok(), fine, "{headers:?} with {public:?}: {result:?}");
    }

    #[test]
    fn framing_and_hosts() {
        let host = ("host", "127.0.0.1:8787");
        check_request(&[host], None, true);
        check_request(&[("host", "[::1]:8787")], Some("hooks.example.org"), true);
        check_request(&[("host", "hooks.example.org")], Some("hooks.example.org"), true);
        check_request(&[("host", "HOOKS.example.org:443")], Some("hooks.example.org"), true);
        check_request(&[("host", "evil.example")], Some("hooks.example.org"), false);
        check_request(&[("host", "anything.example")], None, true);
        check_request(&[], None, false);
        check_request(&[host, host], None, false);
        check_request(&[("host", "a b")], None, false);
        check_request(&[host, ("transfer-encoding", "chunked")], None, true);
        check_request(&[host, ("transfer-encoding", "gzip, chunked")], None, false);
        check_request(&[host, ("transfer-encoding", "chunked"), ("content-length", "3")], None, false);
        check_request(&[host, ("content-length", "3"), ("content-length", "3")], None, false);
    }
}
