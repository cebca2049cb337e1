//! A small forward proxy that knows names which nobody else knows.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A proxy on this computer. It ends when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens, as `http://127.0.0.1:…`.
    pub url: String,
    heads: Arc<Mutex<Vec<String>>>,
    _ends: DropGuard,
}

impl Proxy {
    /// One that leads requests for `name` to `target` (`http://127.0.0.1:…`) and knows nothing else.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start(name: &'static str, target: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap_or_else(|error| panic!("{error}"));
        let at = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let target = target.trim_start_matches("http://").to_owned();
        let (heads, shutdown) = (Arc::<Mutex<Vec<String>>>::default(), CancellationToken::new());
        let (seen, ended) = (Arc::clone(&heads), shutdown.clone());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = ended.cancelled() => return,
                };
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(serve(stream, name, target.clone(), Arc::clone(&seen)));
                }
            }
        });
        Self { url: format!("http://{at}"), heads, _ends: shutdown.drop_guard() }
    }

    /// The request lines and headers that came, in order.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One request a connection.
async fn serve(
    mut client: TcpStream,
    name: &str,
    target: String,
    seen: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(head.clone());
    let prefix = format!("http://{name}");
    let asked = head.split(' ').nth(1)?;
    let Some(path) = asked.strip_prefix(&prefix) else {
        let refused = "HTTP/1.1 502 Unknown name\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        client.write_all(refused.as_bytes()).await.ok()?;
        return client.shutdown().await.ok();
    };
    let kept = head.lines().skip(1).filter(|line| {
        let line = line.to_ascii_lowercase();
        !line.is_empty() && !["host:", "connection:", "proxy-"].iter().any(|name| line.starts_with(name))
    });
    let kept: String = kept.map(|line| format!("{line}\r\n")).collect();
    let method = head.split(' ').next()?;
    let onward = format!("{method} {path} HTTP/1.1\r\nhost: {target}\r\nconnection: close\r\n{kept}\r\n");
    let mut server = TcpStream::connect(&target).await.ok()?;
    server.write_all(onward.as_bytes()).await.ok()?;
    server.write_all(&bytes[end..]).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok()?;
    Some(())
}
