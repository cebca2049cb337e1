//! Follows the bytes of an HTTP/1 connection, so that every request's head is judged as it came.
//!
//! The HTTP library repairs what it can: it takes two hosts, or a length together with chunks. Two programs that
//! repair such a request differently can be made to see different requests, so none of that is taken here. What
//! the library refuses by itself is left to it. Where the two disagree on where a request ends, the library
//! is handed nothing more, and the connection ends.

use hyper::http::uri::Authority;

/// Header lines of one request at most; the library's own limit.
pub(crate) const MAX_HEADERS: usize = 64;
/// Bytes of a head after which nothing is followed any more: the library has refused it by then.
const MAX_HEAD: usize = 64 * 1024;
/// Bytes that are kept for the next head.
const KEPT_HEAD: usize = 1024;
/// Bytes of the address in the request line. A hook's URL needs less than 200.
const MAX_TARGET: usize = 8 * 1024;

/// In a request: why it is refused before anything of it counts. Nothing that follows on its connection is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 400, with this reason.
    Bad(&'static str),
    /// 414.
    LongTarget,
}

/// What the bytes so far have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A head is complete, and this is what is wrong with it.
    Head(Option<Fault>),
    /// The request is there with the last byte of its body.
    Complete,
}

/// How far the connection has come.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    place: Place,
    /// The present head as far as it has come.
    head: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Head,
    /// In a body that has so many bytes to come.
    Body(u64),
    Chunks(Chunks),
    /// Nothing that follows can be a request.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunks {
    Size(Option<u64>),
    Extension(u64),
    SizeEnd(u64),
    Data(u64),
    DataCr,
    DataLf,
    /// At the start of a trailer line; an empty one ends the request.
    Trailer,
    /// In a trailer line; whether the last byte was a carriage return.
    TrailerText(bool),
    TrailersLf,
}

enum Length {
    Known(u64),
    Chunked,
}

impl Framing {
    /// Takes the next bytes and tells what they complete. Returns how many of them may be passed on.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut tell: impl FnMut(Event)) -> usize {
        let mut at = 0;
        while at < bytes.len() && self.place != Place::Over {
            at += match self.place {
                Place::Head => self.head_line(&bytes[at..], &mut tell),
                Place::Body(left) => {
                    let step = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    self.body_left(left - step as u64, &mut tell);
                    step
                }
                Place::Chunks(Chunks::Data(left)) => {
                    let step = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    let left = left - step as u64;
                    self.place = Place::Chunks(if left == 0 { Chunks::DataCr } else { Chunks::Data(left) });
                    step
                }
                Place::Chunks(chunks) => self.chunk_byte(chunks, bytes[at], &mut tell),
                Place::Over => 0,
            };
        }
        at
    }

    /// Whether the next bytes belong to a head.
    pub(crate) fn awaits_head(&self) -> bool {
        self.place == Place::Head
    }

    /// Whether part of a head is there.
    pub(crate) fn has_begun(&self) -> bool {
        !self.head.is_empty()
    }

    /// Whether nothing that follows can be a request: for the library the connection ends here.
    pub(crate) fn is_over(&self) -> bool {
        self.place == Place::Over
    }

    /// Whether nothing is left over: the connection may end here without anyone missing anything.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.place == Place::Head && self.head.is_empty()
    }

    /// Takes what there is of a line of the head.
    fn head_line(&mut self, bytes: &[u8], tell: &mut impl FnMut(Event)) -> usize {
        if self.head.is_empty() && matches!(bytes[0], b'\r' | b'\n') {
            return 1;
        }
        let end = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let taken = end.unwrap_or(bytes.len()).min(MAX_HEAD + 1 - self.head.len());
        self.head.extend_from_slice(&bytes[..taken]);
        if self.head.ends_with(b"\n\n") || self.head.ends_with(b"\n\r\n") {
            let judged = judge(&self.head);
            self.forget_head();
            tell(Event::Head(judged.as_ref().err().copied()));
            match judged {
                Ok(Length::Known(length)) => self.body_left(length, tell),
                Ok(Length::Chunked) => self.place = Place::Chunks(Chunks::Size(None)),
                Err(_) => self.place = Place::Over,
            }
        } else if self.head.len() > MAX_HEAD {
            self.place = Place::Over;
        }
        taken
    }

    /// The next head finds the space of this one, as long as that is little: thousands of connections may rest.
    fn forget_head(&mut self) {
        self.head.clear();
        self.head.shrink_to(KEPT_HEAD);
    }

    fn body_left(&mut self, left: u64, tell: &mut impl FnMut(Event)) {
        if left == 0 {
            self.place = Place::Head;
            tell(Event::Complete);
        } else {
            self.place = Place::Body(left);
        }
    }

    fn chunk_byte(&mut self, chunks: Chunks, byte: u8, tell: &mut impl FnMut(Event)) -> usize {
        use Chunks::{Data, DataCr, DataLf, Extension, Size, SizeEnd, Trailer, TrailerText, TrailersLf};
        let next = match (chunks, byte) {
            (Size(size), digit) if digit.is_ascii_hexdigit() => {
                let digit = char::from(digit).to_digit(16).unwrap_or_default();
                let size = size.unwrap_or_default().checked_mul(16);
                size.and_then(|size| size.checked_add(u64::from(digit))).map(|size| Size(Some(size)))
            }
            (Size(Some(size)), b';' | b' ' | b'\t') => Some(Extension(size)),
            (Size(Some(size)) | Extension(size), b'\r') => Some(SizeEnd(size)),
            (Extension(size), byte) if byte != b'\n' => Some(Extension(size)),
            (SizeEnd(0), b'\n') => Some(Trailer),
            (SizeEnd(size), b'\n') => Some(Data(size)),
            (DataCr, b'\r') => Some(DataLf),
            (DataLf, b'\n') => Some(Size(None)),
            (Trailer, b'\r') => Some(TrailersLf),
            (TrailersLf, b'\n') => {
                self.body_left(0, tell);
                return 1;
            }
            (TrailerText(true), b'\n') => Some(Trailer),
            (Trailer | TrailerText(_), byte) if byte != b'\n' => Some(TrailerText(byte == b'\r')),
            _ => None,
        };
        self.place = next.map_or(Place::Over, Place::Chunks);
        usize::from(next.is_some())
    }
}

/// How long the body is, or why the request is refused.
fn judge(head: &[u8]) -> Result<Length, Fault> {
    if head.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r') {
        return Err(Fault::Bad("Lines of the request's head must end in CR LF."));
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let (Ok(httparse::Status::Complete(_)), Some(target)) = (request.parse(head), request.path) else {
        return Err(Fault::Bad("The request's head cannot be read."));
    };
    if target.len() > MAX_TARGET {
        return Err(Fault::LongTarget);
    }
    let values = |name: &'static str| {
        let named = request.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| header.value)
    };
    check_host(target, values("host"))?;
    length(values("content-length"), values("transfer-encoding"))
}

fn check_host<'a>(target: &str, mut hosts: impl Iterator<Item = &'a [u8]>) -> Result<(), Fault> {
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Fault::Bad("A request needs exactly one Host header."));
    };
    let host: Authority = std::str::from_utf8(host)
        .ok()
        .filter(|text| !text.contains('@'))
        .and_then(|text| text.parse().ok())
        .ok_or(Fault::Bad("The Host header is not a host name."))?;
    let rest = target.split_once("://").map(|(_scheme, rest)| rest);
    let Some(rest) = rest.filter(|_| !target.starts_with('/')) else { return Ok(()) };
    let named = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if named.parse().is_ok_and(|named: Authority| named.host().eq_ignore_ascii_case(host.host())) {
        Ok(())
    } else {
        Err(Fault::Bad("The Host header and the request line name different hosts."))
    }
}

fn length<'a>(
    mut lengths: impl Iterator<Item = &'a [u8]>,
    mut codings: impl Iterator<Item = &'a [u8]>,
) -> Result<Length, Fault> {
    let (length, coding) = (lengths.next(), codings.next());
    if codings.next().is_some() || coding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"chunked")) {
        return Err(Fault::Bad("The only Transfer-Encoding taken is chunked."));
    }
    if lengths.next().is_some() || (length.is_some() && coding.is_some()) {
        return Err(Fault::Bad("A request needs one Content-Length, or chunked encoding, not both."));
    }
    let Some(length) = length else {
        return Ok(if coding.is_some() { Length::Chunked } else { Length::Known(0) });
    };
    let digits = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
    let length = std::str::from_utf8(length).ok().filter(|_| digits).and_then(|text| text.parse().ok());
    length.map(Length::Known).ok_or(Fault::Bad("The Content-Length is not a number of bytes."))
}

#[cfg(test)]
mod tests;
