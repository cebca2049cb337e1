//! What one rendering may use up: steps, iterations, stored text and output. Counted, not timed, so that
//! the same template over the same payload always ends the same way.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use liquid_core::{Error, Result, Runtime, ValueView};

use super::scope::Facts;

/// The longest template, in bytes.
pub(super) const TEMPLATE: usize = 16 * 1024;
/// The longest output, and the longest captured text, in bytes.
pub(super) const OUTPUT: usize = 64 * 1024;
/// Iterations of all loops together.
pub(super) const ITERATIONS: u32 = 10_000;
/// The weight of one value that a filter takes or makes: about its bytes in memory.
pub(super) const VALUE: usize = 1024 * 1024;
/// The weight of everything that a rendering stores in variables, overwritten values included.
const STORED: usize = 8 * 1024 * 1024;
/// Tags, outputs, look-ups, and every [`GRAIN`] bytes that a filter goes through.
const STEPS: u32 = 500_000;
const GRAIN: usize = 32;

/// Counts down; the first limit that is met ends the rendering with its sentence.
#[derive(Debug)]
pub(super) struct Meter {
    steps: Cell<u32>,
    iterations: Cell<u32>,
    stored: Cell<usize>,
    fault: RefCell<Option<String>>,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            steps: Cell::new(STEPS),
            iterations: Cell::new(ITERATIONS),
            stored: Cell::new(STORED),
            fault: RefCell::new(None),
        }
    }
}

impl Meter {
    /// Remembers why the rendering ends; the first reason stays.
    pub(super) fn refuse(&self, why: impl Into<String>) -> Error {
        let why = self.fault.borrow_mut().get_or_insert_with(|| why.into()).clone();
        Error::with_msg(why)
    }

    /// Why the rendering ends, if a limit was met.
    pub(super) fn fault(&self) -> Option<String> {
        self.fault.borrow().clone()
    }

    pub(super) fn spend(&self, steps: u32) -> Result<()> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(self.refuse("the template does too much work for one delivery")),
        }
    }

    /// Pays for going through `bytes`.
    pub(super) fn spend_bytes(&self, bytes: usize) -> Result<()> {
        self.spend(u32::try_from(bytes / GRAIN).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Takes `count` iterations before the first of them runs.
    pub(super) fn iterate(&self, count: u64) -> Result<()> {
        let left = u32::try_from(count).ok().and_then(|count| self.iterations.get().checked_sub(count));
        match left {
            Some(left) => {
                self.iterations.set(left);
                Ok(())
            }
            None => Err(self.refuse(format!("the template's loops run more than {ITERATIONS} times in all"))),
        }
    }

    /// Takes the room for one stored value.
    pub(super) fn store(&self, weight: usize) -> Result<()> {
        match self.stored.get().checked_sub(weight) {
            Some(left) => {
                self.stored.set(left);
                Ok(())
            }
            None => Err(self.refuse("the template stores too much text in its variables")),
        }
    }

    /// The weight of a value that is about to be copied.
    pub(super) fn weigh(&self, value: &dyn ValueView) -> Result<usize> {
        let weight = weight(value, VALUE);
        if weight > VALUE {
            return Err(self.refuse("the template works on a value of more than 1 MiB"));
        }
        self.spend_bytes(weight)?;
        Ok(weight)
    }
}

/// About how many bytes a copy of the value takes; stops counting beyond `most`.
fn weight(value: &dyn ValueView, most: usize) -> usize {
    const NODE: usize = 24;
    let mut total = NODE;
    if let Some(list) = value.as_array() {
        for item in list.values() {
            if total > most {
                break;
            }
            total += weight(item, most - total);
        }
    } else if let Some(object) = value.as_object() {
        for (key, member) in object.iter() {
            if total > most {
                break;
            }
            total += key.len() + weight(member, most.saturating_sub(total));
        }
    } else if value.is_scalar() {
        total += value.to_kstr().len();
    }
    total
}

/// What filters and tags reach through the runtime's registers.
#[derive(Default)]
pub(super) struct Slot {
    pub(super) meter: Rc<Meter>,
    pub(super) facts: Option<Arc<Facts>>,
}

/// The meter of a rendering.
pub(super) fn meter(runtime: &dyn Runtime) -> Rc<Meter> {
    runtime.registers().get_mut::<Slot>().meter.clone()
}

/// Where text goes: never more than its limit.
pub(super) struct Out {
    text: String,
    most: usize,
    meter: Rc<Meter>,
}

impl Out {
    pub(super) fn new(most: usize, meter: Rc<Meter>) -> Self {
        Self { text: String::new(), most, meter }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() > self.most {
            let kib = self.most / 1024;
            self.meter.refuse(format!("the template's output is longer than {kib} KiB"));
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        fmt::Write::write_str(self, text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    // Every output and every piece of text comes through here, empty ones too.
    fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) -> io::Result<()> {
        self.meter.spend(1).map_err(io::Error::other)?;
        fmt::write(self, arguments).map_err(io::Error::other)
    }
}
