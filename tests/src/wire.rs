//! Requests byte by byte, for what no HTTP client would send.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any answer takes; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection of a test's own.
#[derive(Debug)]
pub struct Wire(TcpStream);

impl Wire {
    /// Connects to `http://host:port`.
    ///
    /// # Panics
    /// When nobody listens there.
    pub async fn connect(url: &str) -> Self {
        let address = url.strip_prefix("http://").unwrap_or(url);
        Self(TcpStream::connect(address).await.unwrap_or_else(|error| panic!("{url}: {error}")))
    }

    /// Sends these bytes. That the other end takes no more is for the answer to tell.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Everything that comes until the other end closes.
    ///
    /// # Panics
    /// When it does not close.
    pub async fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        // A reset ends what can be read as well.
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        assert!(read.is_ok(), "not closed after {:?}", String::from_utf8_lossy(&bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Says that nothing more will be sent, and reads as [`Wire::rest`].
    pub async fn end(mut self) -> String {
        let _ = self.0.shutdown().await;
        self.rest().await
    }

    /// Reads until what came contains `text`.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until(&mut self, text: &str) -> String {
        let mut came = Vec::new();
        let read = async {
            loop {
                let mut some = [0; 4096];
                let size = self.0.read(&mut some).await.unwrap_or_default();
                came.extend_from_slice(&some[..size]);
                if size == 0 || String::from_utf8_lossy(&came).contains(text) {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(PATIENCE, read).await;
        let came = String::from_utf8_lossy(&came).into_owned();
        assert!(came.contains(text), "{text:?} never came: {came:?}");
        came
    }
}

/// One connection: these bytes out, everything back until the server closes by itself.
pub async fn exchange(url: &str, bytes: impl AsRef<[u8]>) -> String {
    let mut wire = Wire::connect(url).await;
    wire.send(bytes).await;
    wire.rest().await
}

/// The status of the first answer; 0 where there is none.
#[must_use]
pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The path of a hook's URL.
#[must_use]
pub fn path(url: &Value) -> &str {
    let rest = url.as_str().and_then(|url| url.split_once("://")).map(|(_, rest)| rest).unwrap_or_default();
    rest.find('/').map_or("", |at| &rest[at..])
}
