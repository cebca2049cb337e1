//! How much one page of a list may cost, whatever the data.

use std::cell::Cell;

/// Each is a seventh of a microsecond, about: what an entry of an index costs that is read.
const MAX_WORK: u64 = 200_000;

/// An entry of an index is read.
pub(super) const ENTRY: u64 = 1;
/// A run is read off a source, and the conditions are asked of it.
pub(super) const ROW: u64 = 5;
/// The conditions are asked of one run.
pub(super) const JUDGE: u64 = 8;
/// The values of one run are looked into.
pub(super) const LOOK: u64 = 16;

/// What a page may cost, and has cost.
#[derive(Debug)]
pub(super) struct Work {
    most: u64,
    spent: Cell<u64>,
}

impl Work {
    /// Of a page as it is shown.
    pub(super) fn of_a_page() -> Self {
        Self::new(MAX_WORK)
    }

    pub(super) fn new(most: u64) -> Self {
        Self { most, spent: Cell::new(0) }
    }

    /// Pays for so many things of a kind.
    pub(super) fn spend(&self, count: usize, each: u64) {
        self.spent.set(self.spent.get().saturating_add(count as u64 * each));
    }

    /// Nothing was paid yet.
    pub(super) fn begin_anew(&self) {
        self.spent.set(0);
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() >= self.most
    }

    /// What each of so many may cost.
    pub(super) fn share(&self, count: usize) -> u64 {
        self.most / count as u64
    }

    /// What was paid so far.
    #[cfg(test)]
    pub(super) fn spent(&self) -> u64 {
        self.spent.get()
    }
}
