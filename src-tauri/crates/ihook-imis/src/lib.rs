//! A client for the iMIS REST API: sign-in, members, metadata, and inserts whose outcome is always classed.
//!
//! An iMIS answer is data written by others: everything read here is read tolerantly and within limits, and
//! everything that can go wrong ends in a [`Failed`] with one plain sentence and a [`FailureClass`] that says
//! whether something may have been written.

mod check;
mod client;
mod compare;
mod exchange;
mod failure;
mod metadata;
mod record;
mod send;
mod site;
mod token;
pub mod wire;

pub use check::Check;
pub use client::{Client, Credentials, Fetched, Learn, Limits, Page};
pub use exchange::{Exchange, Request, Response};
pub use failure::{Access, Consequence, Failed, FailureClass, MAX_RETRY_AFTER, proxy_refused, transport};
pub use record::{Inserted, NewRecord, Target};
pub use site::{Site, is_loopback};
pub use wire::{ActivityType, FieldFault, Party, Record};
