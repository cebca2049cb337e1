//! How many connections there may be at once. At the cap, the one that has waited longest without a complete
//! request makes room: silent and slow clients never keep a good one out, nor take its connection from it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Connections in all.
pub(crate) const MAX_CONNECTIONS: usize = 512;
/// Connections of one address that is no trusted proxy.
const MAX_OF_ONE: usize = 64;
/// So much later a connection counts as waiting that has just been answered: it is evicted last. A sender that goes on at once has
/// its next request on the way when room is sought, and many do not send again what was cut off.
const CREDIT: Duration = Duration::from_secs(2);

/// The connections there are.
#[derive(Debug, Default)]
pub(crate) struct ConnectionLimiter {
    members: Mutex<Members>,
    /// Notified when someone leaves, or waits where a request was before.
    room: Notify,
}

#[derive(Debug, Default)]
struct Members {
    next: u64,
    by_number: HashMap<u64, Member>,
}

#[derive(Debug)]
struct Member {
    address: IpAddr,
    /// Since when it counts as being without a complete request; none while one is being answered.
    waiting: Option<Instant>,
    leave: CancellationToken,
}

/// A connection's place. It is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    limiter: Arc<ConnectionLimiter>,
    number: u64,
    leave: CancellationToken,
}

impl ConnectionLimiter {
    /// Gives a new connection its place, for which another one may have to leave; waits where every one is
    /// being answered. `None` when its address has as many as it may have, all of them being answered.
    pub(crate) async fn admit(self: &Arc<Self>, address: IpAddr, is_proxy: bool) -> Option<Place> {
        let address = address.to_canonical();
        loop {
            let room = self.room.notified();
            match self.try_admit(address, is_proxy) {
                Admission::Place(place) => return Some(place),
                Admission::Refused => return None,
                Admission::Full => room.await,
            }
        }
    }

    fn try_admit(self: &Arc<Self>, address: IpAddr, is_proxy: bool) -> Admission {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = |member: &&Member| member.address == address;
        if !is_proxy
            && members.by_number.values().filter(of_one).count() >= MAX_OF_ONE
            && !members.evict_idle(|member| member.address == address)
        {
            return Admission::Refused;
        }
        if members.by_number.len() >= MAX_CONNECTIONS && !members.evict_idle(|_| true) {
            return Admission::Full;
        }
        let (number, leave) = (members.next, CancellationToken::new());
        members.next += 1;
        let member = Member { address, waiting: Some(Instant::now()), leave: leave.clone() };
        members.by_number.insert(number, member);
        drop(members);
        Admission::Place(Place { limiter: Arc::clone(self), number, leave })
    }
}

enum Admission {
    Place(Place),
    /// This address has enough.
    Refused,
    /// No connection can be closed for it.
    Full,
}

impl Members {
    /// Closes the one that has waited longest among those that `may_go`; whether there was one.
    fn evict_idle(&mut self, may_go: impl Fn(&Member) -> bool) -> bool {
        let waiting = self.by_number.iter().filter(|(_, member)| may_go(member));
        let longest = waiting
            .filter_map(|(number, member)| Some((member.waiting?, *number)))
            .min()
            .and_then(|(_, number)| self.by_number.remove(&number));
        longest.is_some_and(|member| {
            member.leave.cancel();
            true
        })
    }
}

impl Place {
    /// Ends when another connection needs the place.
    pub(crate) async fn taken(&self) {
        self.leave.cancelled().await;
    }

    /// A whole request is there: until it is answered, the place is safe.
    pub(crate) fn mark_busy(&self) {
        self.set(None);
    }

    /// The answer is out: from now on it counts as waiting again.
    pub(crate) fn mark_idle(&self) {
        self.set(Some(Instant::now() + CREDIT));
        self.limiter.room.notify_one();
    }

    fn set(&self, waiting: Option<Instant>) {
        let mut members = self.limiter.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(member) = members.by_number.get_mut(&self.number) {
            member.waiting = waiting;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.limiter.members.lock().unwrap_or_else(PoisonError::into_inner).by_number.remove(&self.number);
        self.limiter.room.notify_one();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::VecDeque;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    /// Gives a place or none, without waiting.
    pub(crate) fn admit(limiter: &Arc<ConnectionLimiter>, address: IpAddr, is_proxy: bool) -> Option<Place> {
        match limiter.try_admit(address, is_proxy) {
            Admission::Place(place) => Some(place),
            Admission::Refused | Admission::Full => None,
        }
    }

    #[test]
    fn at_the_cap_the_one_that_waited_longest_leaves() {
        let limiter = Arc::new(ConnectionLimiter::default());
        let places: Vec<_> = (0..MAX_CONNECTIONS).map(|_| admit(&limiter, HERE, true).unwrap()).collect();
        places[0].mark_busy();
        places[1].mark_busy();
        places[1].mark_idle();
        let _new = admit(&limiter, HERE, true).unwrap();
        let gone: Vec<_> = (0..MAX_CONNECTIONS).filter(|n| places[*n].leave.is_cancelled()).collect();
        assert_eq!(gone, [2], "neither the one with a request nor the one that has just been answered");
    }

    #[test]
    fn one_that_has_just_been_answered_stays_though_others_came_later() {
        let limiter = Arc::new(ConnectionLimiter::default());
        let good = admit(&limiter, HERE, true).unwrap();
        good.mark_busy();
        good.mark_idle();
        let mut slow = VecDeque::new();
        // Many more than there is room for, as when each that is sent away comes back at once.
        for _ in 0..3 * MAX_CONNECTIONS {
            slow.push_back(admit(&limiter, HERE, true).unwrap());
            slow.retain(|place| !place.leave.is_cancelled());
        }
        assert!(!good.leave.is_cancelled());
    }

    #[test]
    fn where_all_are_being_answered_a_new_one_waits_for_room() {
        let limiter = Arc::new(ConnectionLimiter::default());
        let mut places: Vec<_> = (0..MAX_CONNECTIONS).map(|_| admit(&limiter, HERE, true).unwrap()).collect();
        places.iter().for_each(Place::mark_busy);
        assert!(matches!(limiter.try_admit(HERE, true), Admission::Full));
        places.pop();
        assert!(matches!(limiter.try_admit(HERE, true), Admission::Place(_)));
    }

    #[test]
    fn one_address_has_few_places_unless_it_is_a_proxy() {
        let limiter = Arc::new(ConnectionLimiter::default());
        let other = admit(&limiter, HERE, false).unwrap();
        let places: Vec<_> = (0..MAX_OF_ONE).map(|_| admit(&limiter, THERE, false).unwrap()).collect();
        let new = admit(&limiter, THERE, false).unwrap();
        assert!(places[0].leave.is_cancelled() && !other.leave.is_cancelled(), "one of its own makes room");
        places[1..].iter().chain([&new]).for_each(Place::mark_busy);
        assert!(matches!(limiter.try_admit(THERE, false), Admission::Refused), "all of its own are busy");
        assert!(matches!(limiter.try_admit(THERE, true), Admission::Place(_)), "a proxy brings many clients");
    }
}
