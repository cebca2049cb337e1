//! A connection whose bytes are watched: each head is judged, and nothing is waited for without a limit.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use crate::framing::{Event, Fault, Framing};
use crate::limiter::Place;

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From the first byte of a head to its last; for a new connection from the beginning.
    pub(crate) head: Duration,
    /// How long a connection stays open between two requests. Proxies must let go earlier, or a request of theirs
    /// may meet a closing connection.
    pub(crate) idle: Duration,
    /// How long a client may take none of an answer, or send none of a body that is read.
    pub(crate) stall: Duration,
}

/// Those of every listener.
pub(crate) const LIMITS: Limits =
    Limits { head: Duration::from_secs(10), idle: Duration::from_secs(30), stall: Duration::from_secs(30) };
/// What still comes of a refused body is read so far, so that the client gets to see the answer: a connection
/// that is closed over unread bytes takes the answer with it.
const LINGER_BYTES: usize = 4 * 1024 * 1024;
const LINGER_LIMIT: Duration = Duration::from_secs(2);

/// What the stream and the service of one connection tell each other.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) place: Place,
    requests: Mutex<Requests>,
}

/// Requests of one connection. They are complete, and answered, in the order in which they came.
#[derive(Debug, Default)]
struct Requests {
    /// What is wrong with each that the service has not seen yet.
    faults: VecDeque<Option<Fault>>,
    complete: u64,
    answered: u64,
}

impl Requests {
    /// Whether a whole one is there that has no answer yet.
    fn is_one_open(&self) -> bool {
        self.complete > self.answered
    }
}

impl Watch {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, requests: Mutex::default() }
    }

    /// What is wrong with the next request.
    pub(crate) fn next_fault(&self) -> Option<Fault> {
        // A request that was seen by the library alone is one too many.
        self.requests().faults.pop_front().unwrap_or(Some(Fault::Bad("The request's framing is unclear.")))
    }

    /// Whether a whole request is there that has no answer yet.
    pub(crate) fn is_answering(&self) -> bool {
        self.requests().is_one_open()
    }

    /// The next request has its answer, whether or not all of it has come.
    pub(crate) fn answered(&self) {
        let mut requests = self.requests();
        requests.answered += 1;
        let is_open = requests.is_one_open();
        drop(requests);
        if !is_open {
            self.place.mark_idle();
        }
    }

    fn saw(&self, event: Event) {
        let mut requests = self.requests();
        match event {
            Event::Head(fault) => requests.faults.push_back(fault),
            Event::Complete => requests.complete += 1,
        }
        let is_open = requests.is_one_open();
        drop(requests);
        // What was answered before it was complete needs its place no more.
        if event == Event::Complete && is_open {
            self.place.mark_busy();
        }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The watched stream.
pub(crate) struct Stream {
    inner: TcpStream,
    watch: Arc<Watch>,
    framing: Framing,
    limits: Limits,
    /// Nothing more is read.
    ended: bool,
    awaited: Awaited,
    deadline: Pin<Box<Sleep>>,
    stalled: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
}

/// What `deadline` is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// A whole head: the first of a connection, or one that has begun.
    Head,
    /// The beginning of the next one.
    Request,
    /// More of a body.
    Body,
    /// Something came: it is for what is awaited next.
    Nothing,
}

struct Linger {
    deadline: Pin<Box<Sleep>>,
    left: usize,
}

impl Stream {
    pub(crate) fn new(inner: TcpStream, watch: Arc<Watch>, limits: Limits) -> Self {
        Self {
            inner,
            watch,
            framing: Framing::default(),
            limits,
            ended: false,
            awaited: Awaited::Head,
            deadline: Box::pin(tokio::time::sleep(limits.head)),
            stalled: None,
            linger: None,
        }
    }

    /// Whether what is awaited has taken too long.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let is_head = self.framing.has_begun() || self.awaited == Awaited::Head;
        let (awaited, limit) = match self.framing.awaits_head() {
            true if is_head => (Awaited::Head, self.limits.head),
            true => (Awaited::Request, self.limits.idle),
            false => (Awaited::Body, self.limits.stall),
        };
        if awaited != self.awaited {
            self.awaited = awaited;
            self.deadline.as_mut().reset(Instant::now() + limit);
        }
        self.deadline.as_mut().poll(cx).is_ready()
    }

    /// Ends a write that nobody takes.
    fn unstalled<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let stall = self.limits.stall;
        let limit = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
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
        let (watch, mut is_event) = (&me.watch, false);
        let passed = me.framing.feed(&out.filled()[before..], |event| {
            watch.saw(event);
            is_event = true;
        });
        // A head has its limit from its first byte to its last, a body from each byte to the next.
        if is_event || me.awaited == Awaited::Body {
            me.awaited = Awaited::Nothing;
        }
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::limiter::{ConnectionLimiter, MAX_CONNECTIONS, tests::admit};

    /// Of a connection with one request that is all there.
    pub(crate) fn watch_of_a_whole_request() -> Watch {
        let watch = Watch::new(admit(&Arc::default(), HERE, true).unwrap());
        watch.saw(Event::Head(None));
        watch.saw(Event::Complete);
        watch
    }

    const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    /// Whether a connection to which this happened can be closed when room is needed.
    fn can_be_closed(history: impl Fn(&Watch)) -> bool {
        let limiter = Arc::new(ConnectionLimiter::default());
        let watch = Watch::new(admit(&limiter, HERE, true).unwrap());
        history(&watch);
        let others: Vec<_> = (1..MAX_CONNECTIONS).map(|_| admit(&limiter, HERE, true).unwrap()).collect();
        others.iter().for_each(Place::mark_busy);
        admit(&limiter, HERE, true).is_some()
    }

    #[test]
    fn a_place_is_safe_only_while_a_whole_request_has_no_answer() {
        let (head, complete) = (Event::Head(None), Event::Complete);
        assert!(can_be_closed(|_| {}), "silent");
        assert!(can_be_closed(|watch| watch.saw(head)), "its body is yet to come");
        let answering = |watch: &Watch| [head, complete].into_iter().for_each(|event| watch.saw(event));
        assert!(!can_be_closed(answering), "it is being answered");
        assert!(can_be_closed(|watch| {
            answering(watch);
            watch.answered();
        }));
        assert!(
            can_be_closed(|watch| {
                watch.saw(head);
                watch.answered();
                watch.saw(complete);
            }),
            "answered before its body came, which is only thrown away"
        );
        assert!(
            !can_be_closed(|watch| {
                answering(watch);
                answering(watch);
                watch.answered();
            }),
            "the second of two that came together has no answer yet"
        );
        assert!(
            !can_be_closed(|watch| {
                watch.saw(head);
                watch.answered();
                watch.saw(complete);
                answering(watch);
            }),
            "the one after it counts as any other"
        );
    }
}
