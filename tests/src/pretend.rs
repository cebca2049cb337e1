//! A server that answers each request as the test says: another system, or something in front of iMIS.

use std::sync::{Arc, Mutex, PoisonError};

use rcgen::generate_simple_self_signed;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_util::sync::DropGuard;

use crate::accept::{accept, read_head};

/// What becomes of one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// These bytes, then the connection is closed.
    Answer(Vec<u8>),
    /// These bytes, then nothing more comes.
    Hang(Vec<u8>),
}

/// An answer with these header lines (each ending in `\r\n`) and this body.
#[must_use]
pub fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Act {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} Pretended\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    Act::Answer([head.as_bytes(), body].concat())
}

/// The same in JSON.
#[must_use]
pub fn json_answer(status: u16, headers: &str, body: &Value) -> Act {
    answer(status, &format!("content-type: application/json\r\n{headers}"), body.to_string())
}

/// The connection is closed without a word.
#[must_use]
pub fn cut() -> Act {
    Act::Answer(Vec::new())
}

/// A pretended server. It ends when this is dropped.
#[derive(Debug)]
pub struct Pretended {
    /// Where it listens: `http://127.0.0.1:…`, or `https://localhost:…`.
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
    _ends: DropGuard,
}

impl Pretended {
    /// One that answers each request, given as text with its body, by `act`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start(act: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let (requests, act) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(act));
        let seen = Arc::clone(&requests);
        let (at, ends) = accept(move |stream| serve(stream, Arc::clone(&act), Arc::clone(&seen))).await;
        Self { url: format!("http://{at}"), requests, _ends: ends }
    }

    /// One with a certificate that nobody trusts.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start_untrusted() -> Self {
        let made = generate_simple_self_signed(vec!["localhost".to_owned()]);
        let made = made.unwrap_or_else(|error| panic!("{error}"));
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap_or_else(|error| panic!("{error}"))
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.unwrap_or_else(|error| panic!("{error}")))
            .unwrap_or_else(|error| panic!("{error}"));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (seen, act) = (Arc::clone(&requests), Arc::new(|_: &str| answer(200, "", "{}")));
        let (at, ends) = accept(move |stream| {
            let (acceptor, act, seen) = (acceptor.clone(), Arc::clone(&act), Arc::clone(&seen));
            async move { serve(acceptor.accept(stream).await.ok()?, act, seen).await }
        })
        .await;
        Self { url: format!("https://localhost:{}", at.port()), requests, _ends: ends }
    }

    /// The requests that came, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One request a connection.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    act: Arc<impl Fn(&str) -> Act>,
    seen: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let (mut bytes, end) = read_head(&mut stream).await?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    while bytes.len() < end + length.unwrap_or(0_usize) {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let request = String::from_utf8_lossy(&bytes).into_owned();
    let act = act(&request);
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match act {
        Act::Answer(bytes) => {
            stream.write_all(&bytes).await.ok()?;
            stream.shutdown().await.ok()
        }
        Act::Hang(bytes) => {
            stream.write_all(&bytes).await.ok()?;
            std::future::pending().await
        }
    }
}
