//! What one validation may take: so many looks at the payload, so much memory for its errors, so much stack.
//!
//! The validator has no stop of its own, and a thread cannot be killed. So every look that it takes at the
//! payload ([`super::counted`]) is paid for here, and whoever has nothing left unwinds to [`run`].

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Looks for each node of payload and schema, and beside them: no more evaluations than that
/// (docs/behavior.md#json-schema-validation), for each takes at least one. Schemas as people write them take ten to
/// twenty a node.
const PER_NODE: u64 = 100;
const BESIDE: u64 = 1_000_000;
/// Bytes of the errors of one validation.
const ERROR_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of stack: half of what a thread has.
const STACK: usize = 1024 * 1024;

/// What things cost under one schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    /// Looks for 64 bytes of text that are read.
    pub(super) text: u64,
    /// Looks for the name of a member that is read.
    pub(super) name: u64,
    /// Looks for subschemas that take none, beside each look that leads to another value.
    pub(super) silent: u64,
    /// Bytes of one error, beside its path.
    pub(super) error: u64,
    /// More bytes of an error for each level at which its value stands.
    pub(super) level: u64,
    /// Errors may list the members of an object.
    pub(super) lists_members: bool,
    /// Whether the first errors can be kept where there is no room for all.
    pub(super) keeps_first: bool,
}

/// The validation ended, for it had nothing left.
#[derive(Debug)]
pub(super) struct Spent;

struct Meter {
    left: Cell<u64>,
    error_bytes: Cell<u64>,
    is_full: Cell<bool>,
    /// Where the stack was when the validation began.
    stack: Cell<usize>,
    rates: Cell<Rates>,
}

thread_local! {
    static METER: Meter = const {
        Meter {
            left: Cell::new(0),
            error_bytes: Cell::new(0),
            is_full: Cell::new(false),
            stack: Cell::new(0),
            rates: Cell::new(Rates { text: 0, name: 0, silent: 0, error: 0, level: 0, lists_members: false, keeps_first: false }),
        }
    };
}

/// Runs one validation over `nodes` of payload and schema together.
///
/// # Errors
/// When it took more than it may.
pub(super) fn run<T>(nodes: u64, rates: Rates, validate: impl FnOnce() -> T) -> Result<T, Spent> {
    METER.with(|meter| {
        meter.left.set(nodes.saturating_mul(PER_NODE).saturating_add(BESIDE));
        meter.error_bytes.set(ERROR_BYTES);
        meter.is_full.set(false);
        meter.stack.set(here());
        meter.rates.set(rates);
    });
    // Nothing that was unwound through is used again: all of it belongs to this validation.
    catch_unwind(AssertUnwindSafe(validate)).map_err(|payload| match payload.downcast::<Spent>() {
        Ok(spent) => *spent,
        Err(panic) => resume_unwind(panic),
    })
}

/// Pays for so many looks.
pub(super) fn spend(looks: u64) {
    METER.with(|meter| match meter.left.get().checked_sub(looks) {
        Some(left) if here().abs_diff(meter.stack.get()) < STACK => meter.left.set(left),
        _ => spent(),
    });
}

/// Pays for a look that leads to another value, which may meet subschemas that take no look at it.
pub(super) fn spend_step() {
    spend(1 + rates().silent);
}

/// Pays for reading a text of so many bytes.
pub(super) fn spend_text(bytes: usize) {
    spend((bytes as u64).saturating_mul(rates().text) / 64);
}

/// Takes the room of an error; `false` once there is none, after which nothing that is found counts.
pub(super) fn has_room_for_error(bytes: u64) -> bool {
    METER.with(|meter| {
        match meter.error_bytes.get().checked_sub(bytes) {
            Some(left) => meter.error_bytes.set(left),
            None if meter.rates.get().keeps_first => meter.is_full.set(true),
            None => spent(),
        }
        !meter.is_full.get()
    })
}

/// Whether there is no room for more errors.
pub(super) fn is_full() -> bool {
    METER.with(|meter| meter.is_full.get())
}

pub(super) fn rates() -> Rates {
    METER.with(|meter| meter.rates.get())
}

/// Ends the validation. No panic: nothing is printed and no hook is called.
#[cold]
pub(super) fn spent() -> ! {
    resume_unwind(Box::new(Spent))
}

fn here() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}
