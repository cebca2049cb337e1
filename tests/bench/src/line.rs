//! A kept-alive HTTP/1.1 connection that knows just enough: the cheaper the load, the more of the machine is
//! left to what is measured.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Child;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(at: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(at).await.with_context(|| format!("cannot connect to {at}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a whole request and reads the whole answer: its status and body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the connection was closed before the answer was complete");
            }
            if let Some((status, from, to)) = complete(&self.buffer)? {
                return Ok((status, &self.buffer[from..to]));
            }
        }
    }
}

/// Status and where the body lies, once all of it is there.
fn complete(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end]).context("the answer's headers are not text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.get(9..12)).and_then(|status| status.parse().ok());
    let status = status.with_context(|| format!("not an HTTP answer: {head}"))?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, length)| length.trim().parse::<usize>());
    let (from, length) = (end + 4, length.context("the answer's length is not a number")?);
    Ok((bytes.len() >= from + length).then_some((status, from, from + length)))
}

/// A POST with a JSON body; `headers` are whole lines.
pub(crate) fn post(at: SocketAddr, path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nUser-Agent: ihook-bench\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A GET.
pub(crate) fn get(at: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n").into_bytes()
}

/// The first line that a program prints.
pub(crate) fn first_of(child: &mut Child) -> Result<String> {
    let output = child.stdout.take().context("the program has no output")?;
    match BufReader::new(output).lines().next() {
        Some(line) => Ok(line?),
        None => bail!("the program ended before it was ready ({})", child.wait()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_once_all_of_it_is_there() {
        let check = |text: &str, expected: Option<(u16, &str)>| {
            let found = complete(text.as_bytes()).unwrap();
            assert_eq!(found.map(|(status, from, to)| (status, &text[from..to])), expected, "{text}");
        };
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", None);
        check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{", None);
        check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", Some((200, "{}")));
        check("HTTP/1.1 204 No Content\r\n\r\n", Some((204, "")));
        assert!(complete(b"nonsense\r\n\r\n").is_err());
    }
}
