//! Where there are no process groups, the console ends the programs it started together with this command.

use std::process::{Child, Command};

/// A running program.
#[derive(Debug)]
pub(crate) struct Group;

impl Group {
    pub(crate) fn of(_: &Child) -> Self {
        Self
    }

    pub(crate) fn alone(_: &Child) -> Self {
        Self
    }
}

pub(crate) fn in_own_group(_: &mut Command) {}

pub(crate) fn wait_if_ending() {}

pub(crate) fn end_with_this_program() {}
