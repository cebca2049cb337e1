//! Load: so many connections that each send the next request once the last is answered, or a steady rate.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::check_in;
use crate::line::{self, Line};
use crate::numbers::{Spread, now_us};

/// Where check-ins go.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) at: SocketAddr,
    pub(crate) path: String,
}

impl Target {
    fn request(&self, number: u64) -> Vec<u8> {
        line::post(self.at, &self.path, "", &check_in::body(number))
    }
}

/// When flat-out load ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After this time.
    After(Duration),
    /// After so many.
    Count(u64),
}

/// What came of flat-out load.
#[derive(Debug)]
pub(crate) struct Answered {
    /// Acknowledged per second.
    pub(crate) rate: f64,
    /// How long the answers took.
    pub(crate) spread: Spread,
}

/// Check-ins from `first` on, over `connections`, each sending the next once the last is acknowledged. Anything
/// but an acknowledgement is an error: then nothing was measured.
pub(crate) async fn flat_out(
    target: &Target,
    connections: usize,
    first: u64,
    until: Until,
) -> Result<Answered> {
    let shared = Rc::new(Shared {
        target: target.clone(),
        until,
        first,
        started: Instant::now(),
        next: Cell::new(first),
        micros: RefCell::default(),
    });
    let local = LocalSet::new();
    let senders: Vec<_> =
        (0..connections).map(|_| local.spawn_local(send_on_and_on(Rc::clone(&shared)))).collect();
    local.await;
    for sender in senders {
        sender.await??;
    }
    let took = shared.started.elapsed().as_secs_f64();
    let micros = shared.micros.take();
    let count = micros.len() as u64;
    Ok(Answered { rate: count as f64 / took, spread: Spread::of_micros(micros) })
}

/// What the connections of one load have in common.
struct Shared {
    target: Target,
    until: Until,
    first: u64,
    started: Instant,
    next: Cell<u64>,
    micros: RefCell<Vec<f64>>,
}

impl Shared {
    fn is_over(&self) -> bool {
        match self.until {
            Until::After(time) => self.started.elapsed() >= time,
            Until::Count(count) => self.next.get() >= self.first + count,
        }
    }
}

async fn send_on_and_on(shared: Rc<Shared>) -> Result<()> {
    let mut line = Line::open(shared.target.at).await?;
    while !shared.is_over() {
        let number = shared.next.replace(shared.next.get() + 1);
        let request = shared.target.request(number);
        let sent = Instant::now();
        acknowledged(line.ask(&request).await?)?;
        shared.micros.borrow_mut().push(sent.elapsed().as_secs_f64() * 1e6);
    }
    Ok(())
}

/// `count` check-ins from `first` on, over `connections`, with at most `window` of them acknowledged and not yet
/// arrived; `arrived` tells how many of all check-ins so far have.
pub(crate) async fn windowed(
    target: &Target,
    connections: usize,
    window: u64,
    (first, count): (u64, u64),
    arrived: impl AsyncFn() -> Result<u64>,
) -> Result<()> {
    let gate =
        Rc::new(Gate { next: Cell::new(first), open_to: Cell::new(first + window), moved: Notify::new() });
    let end = first + count;
    let local = LocalSet::new();
    let senders: Vec<_> = (0..connections)
        .map(|_| local.spawn_local(send_within(target.clone(), Rc::clone(&gate), end)))
        .collect();
    local
        .run_until(async {
            while gate.next.get() < end {
                gate.open_to.set(arrived().await? + window);
                gate.moved.notify_waiters();
                tokio::time::sleep(GLANCE).await;
            }
            anyhow::Ok(())
        })
        .await?;
    local.await;
    for sender in senders {
        sender.await??;
    }
    Ok(())
}

/// How often arrivals are counted while a window is kept.
const GLANCE: Duration = Duration::from_millis(10);

/// What may be sent now.
struct Gate {
    next: Cell<u64>,
    /// Up to this number, exclusive.
    open_to: Cell<u64>,
    moved: Notify,
}

async fn send_within(target: Target, gate: Rc<Gate>, end: u64) -> Result<()> {
    let mut line = Line::open(target.at).await?;
    loop {
        let number = gate.next.get();
        if number >= end {
            return Ok(());
        }
        if number >= gate.open_to.get() {
            gate.moved.notified().await;
            continue;
        }
        gate.next.set(number + 1);
        acknowledged(line.ask(&target.request(number)).await?)?;
    }
}

/// `count` check-ins from `first` on, so many a second whatever the answers take: when each left, in microseconds
/// since 1970.
pub(crate) async fn steady(
    target: &Target,
    per_second: u32,
    first: u64,
    count: u64,
) -> Result<Vec<(u64, i64)>> {
    let gap = Duration::from_secs(1) / per_second;
    let (local, idle) = (LocalSet::new(), Rc::new(RefCell::new(Vec::<Line>::new())));
    let senders = local
        .run_until(async {
            let started = tokio::time::Instant::now();
            let mut senders = Vec::new();
            for n in 0..count {
                tokio::time::sleep_until(started + gap * u32::try_from(n).unwrap_or(u32::MAX)).await;
                let (target, idle) = (target.clone(), Rc::clone(&idle));
                senders.push(tokio::task::spawn_local(async move {
                    let free = idle.borrow_mut().pop();
                    let mut line = match free {
                        Some(line) => line,
                        None => Line::open(target.at).await?,
                    };
                    let request = target.request(first + n);
                    let sent = now_us();
                    acknowledged(line.ask(&request).await?)?;
                    idle.borrow_mut().push(line);
                    anyhow::Ok((first + n, sent))
                }));
            }
            senders
        })
        .await;
    local.await;
    let mut sent = Vec::with_capacity(senders.len());
    for sender in senders {
        sent.push(sender.await??);
    }
    Ok(sent)
}

fn acknowledged((status, body): (u16, &[u8])) -> Result<()> {
    if status != 200 {
        bail!("a check-in was answered {status}: {}", String::from_utf8_lossy(body));
    }
    Ok(())
}
