//! What went wrong between sending a request and the first byte of its answer.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::FailureClass;

/// Classes what kept a request to `host` from its answer, with a sentence for people that holds no URL: it may carry
/// secrets. `proxy` is where the request had to pass, if anywhere.
#[must_use]
pub fn transport(fault: &reqwest::Error, host: &str, proxy: Option<&str>) -> (FailureClass, String) {
    let cause = innermost(fault);
    if fault.is_builder() {
        return (FailureClass::NotBuilt, format!("No request can be made for {host}: {cause}."));
    }
    if fault.is_connect() {
        let met = Met {
            certificate: certificate(fault),
            is_dns: fault.is_dns(),
            timed_out: fault.is_timeout(),
            texts: chain(fault).map(ToString::to_string).collect(),
        };
        return not_connected(&met, host, proxy, &cause);
    }
    if fault.is_timeout() {
        return (FailureClass::TimedOut, format!("{host} did not answer in time."));
    }
    (FailureClass::Cut, format!("The connection to {host} was cut before it answered: {cause}."))
}

/// What was met on the way to a connection.
#[derive(Debug, Default)]
struct Met {
    certificate: Option<CertificateError>,
    is_dns: bool,
    timed_out: bool,
    /// Each error on the way down to the innermost one. Those of proxies have no public type.
    texts: Vec<String>,
}

impl Met {
    fn says(&self, words: &str) -> bool {
        self.texts.iter().any(|text| text.contains(words))
    }
}

fn not_connected(met: &Met, host: &str, proxy: Option<&str>, cause: &str) -> (FailureClass, String) {
    if let Some(fault) = &met.certificate {
        return (FailureClass::NotTrusted, untrusted(fault, host));
    }
    if let Some(proxy) = proxy {
        return behind_proxy(met, host, proxy, cause);
    }
    if met.is_dns {
        let sentence =
            format!("The name {host} cannot be found. Is it spelled right, and is the network up?");
        return (FailureClass::NameNotFound, sentence);
    }
    let sentence = if met.timed_out {
        format!("{host} cannot be reached: it does not answer the call. Is the address right?")
    } else {
        format!("{host} cannot be reached: {cause}.")
    };
    (FailureClass::NotConnected, sentence)
}

/// A plain request goes to the proxy itself; an encrypted one asks it for a tunnel first.
fn behind_proxy(met: &Met, host: &str, proxy: &str, cause: &str) -> (FailureClass, String) {
    if met.says("proxy authorization required") || met.says("SOCKS error: credentials not accepted") {
        return (FailureClass::ProxyRefused, proxy_refused(proxy));
    }
    let sentence = if met.says("tunnel error: unsuccessful") || met.says("SOCKS error: ") {
        format!("The proxy {proxy} does not lead to {host}: it does not find the name, or does not allow it.")
    } else if met.is_dns {
        format!("The name of the proxy {proxy} cannot be found. Is the network up?")
    } else if met.timed_out {
        format!("The proxy {proxy} does not lead to {host} in time.")
    } else {
        format!("The proxy {proxy} cannot be reached: {cause}.")
    };
    (FailureClass::ProxyAway, sentence)
}

/// What to do about a proxy that answers 407.
#[must_use]
pub fn proxy_refused(proxy: &str) -> String {
    format!(
        "The proxy {proxy} asks for a user name and password, or does not accept those it got (407). Fix in: this \
         computer. Change the proxy in the settings, or in the environment and start again."
    )
}

fn untrusted(fault: &CertificateError, host: &str) -> String {
    let what = match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "shows a certificate that has expired. Is the clock of this computer right?"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "shows a certificate that is not valid yet. Is the clock of this computer right?"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "shows a certificate for another name."
        }
        other => return format!("{host} shows a certificate that this computer does not trust: {other}."),
    };
    format!("{host} {what}")
}

/// The fault of a certificate, where that is what ended the connection.
fn certificate(fault: &reqwest::Error) -> Option<CertificateError> {
    chain(fault).find_map(|error| match unwrapped(error).downcast_ref()? {
        rustls::Error::InvalidCertificate(fault) => Some(fault.clone()),
        _ => None,
    })
}

/// What an IO error was made of, which it hides from the chain.
fn unwrapped<'a>(mut error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    while let Some(inside) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        error = inside;
    }
    error
}

fn chain<'a>(fault: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(fault as &'a (dyn Error + 'static)), |error| (*error).source())
}

/// The last cause in a chain is the one that says something: "Connection refused (os error 111)".
fn innermost(fault: &reqwest::Error) -> String {
    let last = chain(fault).skip(1).last();
    last.map(|cause| cause.to_string().trim_end_matches('.').to_owned())
        .unwrap_or_else(|| "it cannot be written as one".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_from_connecting_is_classed_and_said_in_plain_words() {
        use FailureClass::{NameNotFound, NotConnected, NotTrusted, ProxyAway, ProxyRefused};
        let check = |met: Met, proxy: Option<&str>, class: FailureClass, words: &str| {
            let (found, sentence) = not_connected(&met, "imis.example.org", proxy, "Connection refused");
            assert_eq!(found, class, "{sentence}");
            assert!(sentence.contains(words), "{words}: {sentence}");
        };
        let (met, direct, through) = (Met::default, None, Some("proxy.example:3128"));
        check(met(), direct, NotConnected, "imis.example.org cannot be reached: Connection refused.");
        check(Met { timed_out: true, ..met() }, direct, NotConnected, "does not answer the call");
        check(Met { is_dns: true, ..met() }, direct, NameNotFound, "imis.example.org cannot be found");
        for (fault, words) in [
            (CertificateError::UnknownIssuer, "does not trust"),
            (CertificateError::Expired, "has expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::NotValidForName, "for another name"),
            (CertificateError::Revoked, "does not trust"),
        ] {
            for proxy in [direct, through] {
                check(Met { certificate: Some(fault.clone()), ..met() }, proxy, NotTrusted, words);
            }
        }
        check(
            met(),
            through,
            ProxyAway,
            "The proxy proxy.example:3128 cannot be reached: Connection refused.",
        );
        check(Met { is_dns: true, ..met() }, through, ProxyAway, "name of the proxy");
        check(Met { timed_out: true, ..met() }, through, ProxyAway, "in time");
        let says = |text: &str| Met { texts: vec!["client error".to_owned(), text.to_owned()], ..met() };
        check(says("tunnel error: unsuccessful"), through, ProxyAway, "does not lead to imis.example.org");
        check(says("SOCKS error: missing destination host"), through, ProxyAway, "does not lead to");
        check(says("tunnel error: proxy authorization required"), through, ProxyRefused, "407");
        check(says("SOCKS error: credentials not accepted"), through, ProxyRefused, "407");
    }
}
