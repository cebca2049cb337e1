//! A small forward proxy that knows names which nobody else knows.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_util::sync::DropGuard;

use crate::accept::{accept, read_head};

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
        let target = target.trim_start_matches("http://").to_owned();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&heads);
        let (at, ends) = accept(move |stream| serve(stream, name, target.clone(), Arc::clone(&seen))).await;
        Self { url: format!("http://{at}"), heads, _ends: ends }
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
    let (bytes, end) = read_head(&mut client).await?;
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
