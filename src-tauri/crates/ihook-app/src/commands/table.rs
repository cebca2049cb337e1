//! What a row of the command table says beside its types.

use crate::events::Topic;

/// What a command does to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Changes nothing. Its answer is out of date once one of its topics is announced.
    Read,
    /// The same about one thing, named by `id` in the request: only an event about that thing concerns it.
    ReadOne,
    /// Changes data: its topics are out of date once it has answered.
    Write,
    /// A write that can also be asked for a preview, which goes out of date as a read does.
    Preview,
}

/// A row of the command table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) access: Access,
    /// A read's answer depends on these; a write changes these.
    pub(super) topics: &'static [Topic],
}

impl Command {
    /// Whether an answer to it can be kept on a screen.
    pub(super) fn is_read(&self) -> bool {
        self.access != Access::Write
    }

    /// Whether it changes data.
    pub(super) fn is_write(&self) -> bool {
        matches!(self.access, Access::Write | Access::Preview)
    }
}
