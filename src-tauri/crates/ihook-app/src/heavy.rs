//! Work on deliveries that can take longer than a millisecond: beside the async threads, which others need, and one
//! piece at a time.
//!
//! What is light is done where it stands and pays for nothing. What waits for its turn holds its bytes, so there is
//! room for a bounded number of them only.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ihook_engine::plan::MAX_LIGHT;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use crate::memory::give_back;

/// KiB of large bodies that are received, or wait for their turn, at once.
const BODY_ROOM: u32 = 64 * 1024;
/// KiB of payloads, as they stand in memory, of the runs that are under way with a large one.
const PAYLOAD_ROOM: u32 = 64 * 1024;
/// How long a sender waits for room before it is asked to come again.
const ROOM_PATIENCE: Duration = Duration::from_secs(5);
/// How long it waits for its turn then: senders give up soon after.
const TURN_PATIENCE: Duration = Duration::from_secs(10);

/// Lets heavy work pass.
#[derive(Debug)]
pub(crate) struct Heavy {
    turns: Arc<Semaphore>,
    /// For what a person waits for: not behind every delivery.
    commands: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
    payloads: Arc<Semaphore>,
}

impl Default for Heavy {
    fn default() -> Self {
        let places =
            |kib: u32| Arc::new(Semaphore::new(usize::try_from(kib).unwrap_or(Semaphore::MAX_PERMITS)));
        Self {
            turns: places(1),
            commands: places(1),
            bodies: places(BODY_ROOM),
            payloads: places(PAYLOAD_ROOM),
        }
    }
}

/// Bytes of a body from which on the memory that it needed is given back to the system at once.
const LARGE: usize = 256 * 1024;

/// The right to work; the next one has its turn when it is dropped and what was begun has ended.
#[derive(Clone, Debug)]
pub(crate) struct Turn(Option<Arc<Held>>);

#[derive(Debug)]
struct Held {
    permit: Option<OwnedSemaphorePermit>,
    gives_back: AtomicBool,
}

impl Drop for Held {
    fn drop(&mut self) {
        let (permit, gives_back) = (self.permit.take(), self.gives_back.load(Ordering::Relaxed));
        if let (true, Ok(runtime)) = (gives_back, Handle::try_current()) {
            // Before the next one needs as much again.
            runtime.spawn_blocking(move || {
                give_back();
                drop(permit);
            });
        }
    }
}

/// Room that something large takes until this is dropped; none for what is small.
pub(crate) type Room = Option<OwnedSemaphorePermit>;

impl Heavy {
    /// The turn of a piece of work: at once where it is light, else when all that came before have had theirs.
    pub(crate) async fn turn(&self, is_heavy: bool) -> Turn {
        if is_heavy { turn(&self.turns).await } else { Turn(None) }
    }

    /// [`Self::turn`] within a request; none where it does not come soon.
    pub(crate) async fn turn_soon(&self, is_heavy: bool) -> Option<Turn> {
        if !is_heavy {
            return Some(Turn(None));
        }
        tokio::time::timeout(TURN_PATIENCE, turn(&self.turns)).await.ok()
    }

    /// The turn of heavy work that a person asked for.
    pub(crate) async fn command_turn(&self) -> Turn {
        turn(&self.commands).await
    }

    /// [`Self::command_turn`] for work that is done beside the async threads already.
    pub(crate) fn command_turn_blocking(&self) -> Turn {
        Handle::current().block_on(self.command_turn())
    }

    /// Room for a body of at most so many bytes; none where the others leave no room for long.
    pub(crate) async fn room_for_body(&self, bytes: u64) -> Option<Room> {
        if bytes <= MAX_LIGHT as u64 {
            return Some(None);
        }
        let room = room(&self.bodies, bytes, BODY_ROOM);
        tokio::time::timeout(ROOM_PATIENCE, room).await.ok()
    }

    /// Room for a payload that takes so many bytes in memory, while its run is under way. One that is larger than
    /// all the room takes all of it.
    pub(crate) async fn room_for_payload(&self, bytes: u64) -> Room {
        room(&self.payloads, bytes, PAYLOAD_ROOM).await
    }
}

async fn turn(turns: &Arc<Semaphore>) -> Turn {
    // Nobody closes it.
    let permit = Arc::clone(turns).acquire_owned().await.ok();
    Turn(Some(Arc::new(Held { permit, gives_back: AtomicBool::new(false) })))
}

async fn room(places: &Arc<Semaphore>, bytes: u64, all: u32) -> Room {
    let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(all).min(all);
    Arc::clone(places).acquire_many_owned(kib).await.ok()
}

impl Turn {
    /// Whether the work is done beside the async threads.
    pub(crate) fn is_heavy(&self) -> bool {
        self.0.is_some()
    }

    /// Gives memory back to the system once the turn is over, where the body had so many bytes.
    pub(crate) fn give_back_after(&self, bytes: usize) {
        if let Some(held) = self.0.as_ref().filter(|_| bytes > LARGE) {
            held.gives_back.store(true, Ordering::Relaxed);
        }
    }

    /// Does `work`: here where it is light.
    pub(crate) async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        if self.is_heavy() { ended(self.begin(work).await).await } else { work() }
    }

    /// Begins heavy work. It goes on when nobody waits for it any more, and nothing else is begun until it ends.
    pub(crate) fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let turn = self.clone();
        spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
    }
}

/// Does `work` that can take long for a person's sake, without waiting for the deliveries before it.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    ended(spawn_blocking(work).await).await
}

/// What the work came to; its panic is the caller's.
pub(crate) async fn ended<T>(work: Result<T, JoinError>) -> T {
    match work {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime ends, and this task with it.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

/// About how many bytes a JSON text takes in memory once it is read.
pub(crate) fn size_in_memory(json: &str) -> u64 {
    /// Of a value, with its place in a list or object.
    const VALUE: u64 = 120;
    /// More of a list or an object, which has room for some members before it has any.
    const CONTAINER: u64 = 400;
    let (mut bytes, mut in_text, mut is_escaped) = (VALUE, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => bytes += VALUE + CONTAINER,
            b',' | b':' if !in_text => bytes += VALUE,
            _ => {}
        }
    }
    bytes + json.len() as u64
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn the_size_of_a_payload_goes_by_its_values() {
        let check = |json: &str, values: u64, containers: u64| {
            assert_eq!(size_in_memory(json), values * 120 + containers * 400 + json.len() as u64, "{json}");
        };
        check("{}", 2, 1);
        check("{\"a\":[1,2,3]}", 6, 2);
        check("{\"a\":\"x,[{:\"}", 3, 1);
        check("{\"a\":\"\\\",,\"}", 3, 1);
        check("{\"a\":\"\\\\\",\"b\":0}", 5, 1);
    }

    #[tokio::test]
    async fn heavy_work_is_done_one_piece_at_a_time_and_light_work_meanwhile() {
        let heavy = Heavy::default();
        let first = heavy.turn(true).await;
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let going = first.begin(move || wait.recv());
        // Nobody waits for it any more: it is still under way.
        drop(first);
        let mut second = Box::pin(heavy.turn(true));
        assert!((&mut second).now_or_never().is_none());
        assert_eq!(heavy.turn(false).await.work(|| 7).await, 7);
        go.send(()).unwrap();
        assert!(ended(going.await).await.is_ok());
        assert!(second.await.is_heavy());
    }

    #[tokio::test]
    async fn there_is_room_for_a_bounded_number_of_bodies_and_always_for_small_ones() {
        let heavy = Heavy::default();
        let (small, large) = (MAX_LIGHT as u64, MAX_LIGHT as u64 + 1);
        let all = heavy.room_for_body(u64::MAX).await;
        assert!(matches!(all, Some(Some(_))));
        assert!(matches!(heavy.room_for_body(small).now_or_never(), Some(Some(None))));
        assert!(heavy.room_for_body(large).now_or_never().is_none(), "it waits");
        drop(all);
        assert!(matches!(heavy.room_for_body(large).now_or_never(), Some(Some(Some(_)))));
    }
}
