//! The program's log on standard error. Where it cannot be written (a full disk, a reader that is gone or does not
//! read) lines are lost and counted, and nothing else happens: whoever logs never waits and never fails.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config;
use crate::redact::Redactor;

/// Lines that wait for standard error before others are lost.
const MAX_WAITING: usize = 1024;
/// How long the end of the program waits for the lines that are left.
const END_LIMIT: Duration = Duration::from_secs(1);

/// The way to the log. Clones lead to the same one.
#[derive(Clone, Debug)]
pub struct Log {
    entries: SyncSender<Entry>,
    lost: Arc<AtomicU64>,
    redactor: Redactor,
}

#[derive(Debug)]
enum Entry {
    Line(Vec<u8>),
    /// Answered once everything before it is written.
    End(SyncSender<()>),
}

/// Logs from now on, panics included: what the environment's filter lets through goes to standard error.
#[must_use]
pub fn start() -> Log {
    let log = Log::to(io::stderr());
    let given = config::log_filter();
    let filter = EnvFilter::try_new(&given);
    let is_understood = filter.is_ok();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new(config::LOG_FILTER)))
        // It would tell of its own errors with a macro that panics.
        .log_internal_errors(false)
        .with_writer(log.clone());
    // Fails only where a host has a log already, which then stays.
    let _ = subscriber.try_init();
    // The standard one writes to standard error itself, and waits for a reader that does not read.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, words = panic.payload_as_str().unwrap_or_default(), "program.panicked");
    }));
    if !is_understood {
        tracing::warn!(filter = given, "log.filter_not_understood");
    }
    log
}

impl Log {
    fn to(out: impl Write + Send + 'static) -> Self {
        let (entries, waiting) = sync_channel(MAX_WAITING);
        let log = Self { entries, lost: Arc::default(), redactor: Redactor::default() };
        let (lost, redactor) = (Arc::clone(&log.lost), log.redactor.clone());
        // Without the thread every line is lost, which harms nothing either.
        let _ = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_all(&waiting, out, &lost, &redactor));
        log
    }

    /// What is left out of every line: whatever it learns.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Writes this line, without the time and level of an event.
    pub fn say(&self, line: &str) {
        self.add(format!("{line}\n").into_bytes());
    }

    /// Waits until everything so far is written, for a second at most.
    pub fn end(&self) {
        let (done, written) = sync_channel(1);
        // Where there is no room for it, there is nobody who reads.
        if self.entries.try_send(Entry::End(done)).is_ok() {
            let _ = written.recv_timeout(END_LIMIT);
        }
    }

    fn add(&self, line: Vec<u8>) {
        if self.entries.try_send(Entry::Line(line)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Write for Log {
    /// Takes one line, whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.add(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn write_all(waiting: &Receiver<Entry>, mut out: impl Write, lost: &AtomicU64, redactor: &Redactor) {
    for entry in waiting {
        match entry {
            Entry::Line(line) => {
                let text = String::from_utf8_lossy(&line);
                let line = redactor.text(&text);
                let missing = lost.swap(0, Ordering::Relaxed);
                let note = if missing > 0 {
                    format!("({missing} lines of the log were lost)\n")
                } else {
                    String::new()
                };
                if out.write_all(note.as_bytes()).and_then(|()| out.write_all(line.as_bytes())).is_err() {
                    lost.fetch_add(missing + 1, Ordering::Relaxed);
                }
            }
            Entry::End(done) => {
                let _ = done.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::Sender;

    use super::*;

    /// A place to write to that fails while it is full.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(String, bool)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock().unwrap();
            if disk.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.0.push_str(std::str::from_utf8(bytes).unwrap());
            drop(disk);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A reader that reads nothing until the other end goes.
    struct Asleep(Receiver<()>, Sender<()>);

    impl Write for Asleep {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.1.send(());
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_a_full_disk_did_not_take_are_counted_once_it_takes_some_again() {
        let disk = Disk::default();
        let log = Log::to(disk.clone());
        log.say("one");
        log.end();
        disk.0.lock().unwrap().1 = true;
        log.say("two");
        log.say("three");
        log.end();
        disk.0.lock().unwrap().1 = false;
        log.say("four");
        log.end();
        assert_eq!(disk.0.lock().unwrap().0, "one\n(2 lines of the log were lost)\nfour\n");
    }

    #[test]
    fn no_line_holds_a_secret() {
        let disk = Disk::default();
        let log = Log::to(disk.clone());
        log.redactor().learn("secret/other", "named-secret-4711");
        log.say("told=named%2Dsecret-4711 password=s3cr3t");
        log.end();
        assert_eq!(disk.0.lock().unwrap().0, "told=… password=…\n");
    }

    #[test]
    fn a_reader_that_does_not_read_keeps_nobody_waiting() {
        let (wake, sleep) = std::sync::mpsc::channel();
        let (noted, asleep) = std::sync::mpsc::channel();
        let log = Log::to(Asleep(sleep, noted));
        log.say("the first one is being written");
        asleep.recv().unwrap();
        for _ in 0..MAX_WAITING + 7 {
            log.say("another");
        }
        assert_eq!(log.lost.load(Ordering::Relaxed), 7);
        log.end();
        drop(wake);
    }
}
