//! Ends the programs this command started, by their process groups, also when the command itself is asked to end.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, kill_process, kill_process_group, test_kill_process, test_kill_process_group,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The running programs. The thread that waits for signals has no other way to know them.
static RUNNING: Mutex<Vec<Running>> = Mutex::new(Vec::new());
/// Set once: from then on nothing is started any more.
static ENDING: AtomicBool = AtomicBool::new(false);

/// iHook itself takes up to ten seconds to finish what is in flight.
const PATIENCE: Duration = Duration::from_secs(12);
const GLANCE: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running {
    leader: Pid,
    /// With everything it starts; otherwise it is alone in the terminal's own group.
    whole: bool,
}

impl Running {
    fn signal(self, signal: Signal) {
        // It may have ended in this moment, which is what is wanted.
        let _ = if self.whole {
            kill_process_group(self.leader, signal)
        } else {
            kill_process(self.leader, signal)
        };
    }

    fn lives(&self) -> bool {
        let answer =
            if self.whole { test_kill_process_group(self.leader) } else { test_kill_process(self.leader) };
        answer != Err(Errno::SRCH)
    }
}

/// A program that was started. Dropped when the program has ended; what it left behind then ends too.
#[derive(Debug)]
pub(crate) struct Group(Running);

impl Group {
    pub(crate) fn of(child: &Child) -> Self {
        Self::remember(Running { leader: Pid::from_child(child), whole: true })
    }

    pub(crate) fn alone(child: &Child) -> Self {
        Self::remember(Running { leader: Pid::from_child(child), whole: false })
    }

    fn remember(program: Running) -> Self {
        running().push(program);
        Self(program)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        running().retain(|other| *other != self.0);
        if self.0.whole {
            self.0.signal(Signal::TERM);
        }
    }
}

fn running() -> MutexGuard<'static, Vec<Running>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Once this command has been asked to end, a caller that wants to start something more waits here for the end.
pub(crate) fn wait_if_ending() {
    while ENDING.load(Ordering::Acquire) {
        thread::park();
    }
}

/// Gives the command's children a group of their own, so that they can be ended together.
pub(crate) fn in_own_group(command: &mut Command) {
    command.process_group(0);
}

/// From now on an interrupt or a request to end also ends everything that was started.
pub(crate) fn end_with_this_program() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::Release);
            end_all(signal);
            leave(128 + signal);
        }
    });
}

fn end_all(signal: i32) {
    for group in running().iter() {
        // The terminal has sent its interrupt to a program in the foreground already.
        if group.whole || signal != SIGINT {
            group.signal(Signal::TERM);
        }
    }
    let mut waited = Duration::ZERO;
    while waited < PATIENCE && running().iter().any(Running::lives) {
        thread::sleep(GLANCE);
        waited += GLANCE;
    }
    for group in running().iter() {
        group.signal(Signal::KILL);
    }
}

#[expect(clippy::exit, reason = "the main thread is waiting for a program and cannot be made to return")]
fn leave(code: i32) -> ! {
    std::process::exit(code)
}
