//! A connection whose bytes are watched: each head is judged, and nothing is waited for without a limit.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::crowd::Place;
use super::framing::{Event, Fault, Framing};

/// From the first byte of a head to its last; for a new connection from the beginning.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long a connection stays open between two requests. Proxies must let go earlier, or a request of theirs
/// may meet a closing connection.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// How long a client may take none of an answer.
const STALL_LIMIT: Duration = Duration::from_secs(30);
/// What still comes of a refused body is read so far, so that the client gets to see the answer: a connection
/// that is closed over unread bytes takes the answer with it.
const LINGER_BYTES: usize = 4 * 1024 * 1024;
const LINGER_LIMIT: Duration = Duration::from_secs(2);

/// What the stream tells the service of the same connection.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) place: Place,
    /// What is wrong with each request that has not been answered yet.
    faults: Mutex<VecDeque<Option<Fault>>>,
}

impl Watch {
    pub(super) fn new(place: Place) -> Self {
        Self { place, faults: Mutex::default() }
    }

    /// What is wrong with the next request.
    pub(super) fn next_fault(&self) -> Option<Fault> {
        let next = self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        // A request that was seen by the library alone is one too many.
        next.unwrap_or(Some(Fault::Bad("The request's framing is unclear.")))
    }

    fn saw(&self, event: Event) {
        match event {
            Event::Head(fault) => {
                self.faults.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
            }
            Event::Complete => self.place.has_request(),
        }
    }
}

/// The watched stream.
pub(super) struct Stream {
    inner: TcpStream,
    watch: Arc<Watch>,
    framing: Framing,
    /// Nothing more is read.
    ended: bool,
    /// What `deadline` is for; none while no head is awaited.
    awaited: Option<Duration>,
    deadline: Pin<Box<Sleep>>,
    stalled: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
}

struct Linger {
    deadline: Pin<Box<Sleep>>,
    left: usize,
}

impl Stream {
    pub(super) fn new(inner: TcpStream, watch: Arc<Watch>) -> Self {
        Self {
            inner,
            watch,
            framing: Framing::default(),
            ended: false,
            awaited: Some(HEAD_LIMIT),
            deadline: Box::pin(tokio::time::sleep(HEAD_LIMIT)),
            stalled: None,
            linger: None,
        }
    }

    /// Whether the head that is awaited has taken too long.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let first = self.awaited == Some(HEAD_LIMIT);
        let awaited = match () {
            () if !self.framing.awaits_head() => None,
            () if first || self.framing.has_begun() => Some(HEAD_LIMIT),
            () => Some(IDLE_LIMIT),
        };
        if awaited != self.awaited {
            self.awaited = awaited;
            if let Some(limit) = awaited {
                self.deadline.as_mut().reset(Instant::now() + limit);
            }
        }
        awaited.is_some() && self.deadline.as_mut().poll(cx).is_ready()
    }

    /// Ends a write that nobody takes.
    fn unstalled<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let limit = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL_LIMIT)));
        ready!(limit.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads and forgets what still comes, within bounds.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let linger = self.linger.get_or_insert_with(|| Linger {
            deadline: Box::pin(tokio::time::sleep(LINGER_LIMIT)),
            left: LINGER_BYTES,
        });
        let mut space = [0; 8192];
        while linger.left > 0 && linger.deadline.as_mut().poll(cx).is_pending() {
            let mut bytes = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(&mut self.inner).poll_read(cx, &mut bytes));
            if read.is_err() || bytes.filled().is_empty() {
                break;
            }
            linger.left = linger.left.saturating_sub(bytes.filled().len());
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        if me.ended || me.framing.is_over() {
            return Poll::Ready(Ok(()));
        }
        let before = out.filled().len();
        match Pin::new(&mut me.inner).poll_read(cx, out) {
            Poll::Ready(result) => result?,
            Poll::Pending if me.is_late(cx) => {
                me.ended = true;
                return Poll::Ready(Ok(()));
            }
            Poll::Pending => return Poll::Pending,
        }
        if out.filled().len() == before {
            me.ended = true;
            return Poll::Ready(Ok(()));
        }
        let (watch, awaited) = (&me.watch, &mut me.awaited);
        let passed = me.framing.feed(&out.filled()[before..], |event| {
            watch.saw(event);
            *awaited = None;
        });
        out.set_filled(before + passed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let me = self.get_mut();
        let poll = Pin::new(&mut me.inner).poll_write(cx, bytes);
        me.unstalled(cx, poll)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let me = self.get_mut();
        let poll = Pin::new(&mut me.inner).poll_write_vectored(cx, parts);
        me.unstalled(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        if me.linger.is_none() {
            ready!(Pin::new(&mut me.inner).poll_shutdown(cx))?;
            if me.ended || me.framing.is_at_rest() {
                return Poll::Ready(Ok(()));
            }
        }
        me.poll_linger(cx).map(Ok)
    }
}
