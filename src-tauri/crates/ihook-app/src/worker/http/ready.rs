//! A request made ready: its address looked up and allowed, its secrets put in. What can never be sent is found here.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ihook_engine::run::{HeaderPiece, HttpCall, header_fault};
use ihook_engine::workflow::is_public;
use ihook_imis::{Client, Exchange, Failed, FailureClass, Limits};
use reqwest::Method;
use url::Url;

use crate::App;
use crate::secrets::secret_name;
use crate::worker::drive::Drive;

/// When the action names no limit of its own.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long a name may take to be found.
const LOOKUP: Duration = Duration::from_secs(10);

/// A request whose target is known to be allowed.
pub(super) struct Ready {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    pub(super) client: reqwest::Client,
    /// The proxy that it takes, as `host:port`.
    pub(super) proxy: Option<String>,
    pub(super) timeout: Duration,
}

fn failed(class: FailureClass, message: impl Into<String>) -> Failed {
    Failed::new(class, message, Exchange::default())
}

impl Drive<'_> {
    pub(super) async fn ready_call(&self, call: &HttpCall) -> Result<Ready, Failed> {
        let method = Method::from_bytes(call.method.as_bytes()).map_err(|_not_a_method| {
            failed(FailureClass::NotBuilt, format!("\"{}\" is no HTTP method.", call.method))
        })?;
        let url = target(&call.url).map_err(|sentence| failed(FailureClass::NotBuilt, sentence))?;
        let client = client_for(self.app, &url).await?;
        let mut headers = Vec::with_capacity(call.headers.len());
        for (name, pieces) in &call.headers {
            headers.push((name.clone(), header(self.app, name, pieces).await?));
        }
        let proxy = self.app.outgoing().proxy_name(&url);
        let timeout = call.timeout_seconds.map_or(TIMEOUT, |seconds| Duration::from_secs(u64::from(seconds)));
        Ok(Ready { method, url, headers, body: call.body.clone(), client, proxy, timeout })
    }
}

/// The address of a request, or why nothing can ever be sent there.
fn target(text: &str) -> Result<Url, String> {
    let refused = |why: &str| format!("\"{text}\" is no address to send a request to{why}.");
    let url = Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
        .ok_or_else(|| refused(""))?;
    if let Some(url::Host::Domain(name)) = url.host()
        && !is_dns_name(name)
    {
        return Err(refused(": no host can have that name"));
    }
    if url.port() == Some(0) {
        return Err(refused(": nothing listens at port 0"));
    }
    Ok(url)
}

/// Whether a name can be looked up: labels of 1 to 63 bytes, 253 in all (RFC 1035 section 2.3.4).
fn is_dns_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// A client for this URL alone, when requests may go there.
async fn client_for(app: &App, url: &Url) -> Result<reqwest::Client, Failed> {
    let proxy = app.outgoing().proxy(url);
    let found = match allowed_addresses(app, url).await {
        // A name that only the proxy knows is the proxy's to judge.
        Err(not_found) if not_found.class == FailureClass::NameNotFound && proxy.is_some() => Vec::new(),
        found => found?,
    };
    // Neither is the request's fault: a proxy may be set right, and TLS set up.
    let unusable = |error: reqwest::Error| failed(FailureClass::ProxyAway, format!("{error}."));
    let builder = Client::http_builder(&Limits::default()).redirect(reqwest::redirect::Policy::none());
    let builder = match proxy {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy).map_err(unusable)?),
        // Pinned: a name that is looked up again could have become another address.
        None => builder.resolve_to_addrs(url.host_str().unwrap_or_default(), &found),
    };
    builder.build().map_err(unusable)
}

/// The addresses behind the URL's host, where requests may go to all of them.
async fn allowed_addresses(app: &App, url: &Url) -> Result<Vec<SocketAddr>, Failed> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let not_found =
        |why: String| failed(FailureClass::NameNotFound, format!("The host {host} was not found{why}."));
    let found: Vec<SocketAddr> =
        match tokio::time::timeout(LOOKUP, tokio::net::lookup_host((host.as_str(), port))).await {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(error)) => return Err(not_found(format!(": {error}"))),
            Err(_late) => return Err(not_found(" in time".to_owned())),
        };
    if found.is_empty() {
        return Err(not_found(String::new()));
    }
    let allowed = app.settings().allowed_networks();
    let fine =
        |address: IpAddr| is_public(address) || allowed.iter().any(|network| network.contains(address));
    if found.iter().all(|address| fine(address.ip())) {
        return Ok(found);
    }
    let message = format!(
        "{host} is an address of this computer or a private network. Requests there are refused unless the block is \
         allowed in the settings."
    );
    Err(failed(FailureClass::AddressRefused, message))
}

/// A header's value with its secrets.
async fn header(app: &App, header: &str, pieces: &[HeaderPiece]) -> Result<String, Failed> {
    let mut value = String::new();
    for piece in pieces {
        match piece {
            // The engine has checked it.
            HeaderPiece::Text(text) => value.push_str(text),
            HeaderPiece::Secret(name) => value.push_str(&secret(app, header, name).await?),
        }
    }
    Ok(value)
}

async fn secret(app: &App, header: &str, name: &str) -> Result<zeroize::Zeroizing<String>, Failed> {
    let missing = |message: String| failed(FailureClass::SecretMissing, message);
    let kept = app.vault().get(&secret_name(name)).await;
    let kept = kept.map_err(|error| {
        let message = format!("The secret \"{name}\" cannot be read: {error}.");
        failed(FailureClass::SecretUnreadable, message)
    })?;
    let secret = kept.ok_or_else(|| missing(format!("There is no secret named \"{name}\".")))?;
    match header_fault(&secret) {
        None => Ok(secret),
        Some(fault) => Err(missing(format!(
            "The header {header} cannot be sent: the secret \"{name}\" has {} in it. Enter the secret again \
             without it.",
            fault.what
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_never_be_an_address_is_told_from_one_that_may_answer_later() {
        let check =
            |text: &str, works: bool| assert_eq!(target(text).is_ok(), works, "{text}: {:?}", target(text));
        let label = "x".repeat(63);
        check("https://api.example.org/a?b=c", true);
        check(" http://127.0.0.1:8080/ ", true);
        check("http://[::1]/", true);
        check("https://api.example.org./", true);
        check(&format!("https://{label}.example/"), true);
        check(&format!("https://x{label}.example/"), false);
        check(&format!("https://{}example/", format!("{label}.").repeat(4)), false);
        check("https://a..example/", false);
        check("https://example.org:0/", false);
        check("https://exa mple.org/", false);
        check("https:///", false);
        check("ftp://example.org/", false);
        check("example.org/x", false);
        check("", false);
    }
}
