//! Which host names are served here.

use axum::http::HeaderMap;
use axum::http::header;
use axum::http::uri::Authority;

/// Whether the request's Host is the public one or names this computer; any, while no public base URL is set.
pub(super) fn is_served(headers: &HeaderMap, public_host: Option<&str>) -> bool {
    let Some(public) = public_host else { return true };
    host(headers).is_some_and(|host| host.host().eq_ignore_ascii_case(public) || is_loopback(host.host()))
}

fn host(headers: &HeaderMap) -> Option<Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
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

    #[test]
    fn the_public_host_and_this_computer_are_served() {
        let check = |host: &str, public: Option<&str>, served: bool| {
            let headers: HeaderMap = [(header::HOST, host.parse().unwrap())].into_iter().collect();
            assert_eq!(is_served(&headers, public), served, "{host} with {public:?}");
        };
        check("[::1]:8787", Some("hooks.example.org"), true);
        check("localhost", Some("hooks.example.org"), true);
        check("hooks.example.org", Some("hooks.example.org"), true);
        check("HOOKS.example.org:443", Some("hooks.example.org"), true);
        check("evil.example", Some("hooks.example.org"), false);
        check("127.0.0.1.evil.example", Some("hooks.example.org"), false);
        check("anything.example", None, true);
    }
}
