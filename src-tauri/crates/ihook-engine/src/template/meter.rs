//! What one rendering may use up: steps, iterations, stored text and output. Counted, not timed, so that
//! the same template over the same payload always ends the same way.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::fault::Fault;
use super::rendered::Compound;
use super::value::{Text, Value};

/// The longest template, in bytes.
pub(super) const TEMPLATE: usize = 16 * 1024;
/// The longest output, and the longest captured text, in bytes.
const OUTPUT: usize = 64 * 1024;
/// Iterations of all loops together, and the items of a list that a filter makes.
pub(super) const ITERATIONS: u32 = 10_000;
/// The weight of one value that a filter takes or makes: about its bytes in memory.
const VALUE: usize = 1024 * 1024;
/// The weight of everything that a rendering stores in variables, overwritten values included.
const STORED: usize = 8 * 1024 * 1024;
/// Tags, outputs, look-ups, and every [`GRAIN`] bytes that a filter goes through.
const STEPS: u32 = 500_000;
const GRAIN: usize = 32;
/// What is kept of a list or object for a message, in bytes.
const NOTED: usize = 1024;

type Result<T> = std::result::Result<T, Fault>;

/// Counts down; the first limit that is met ends the rendering.
pub(super) struct Meter {
    steps: Cell<u32>,
    iterations: Cell<u32>,
    stored: Cell<usize>,
    /// The first list or object that was made into text unasked.
    compound: OnceCell<Compound>,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self {
            steps: Cell::new(STEPS),
            iterations: Cell::new(ITERATIONS),
            stored: Cell::new(STORED),
            compound: OnceCell::new(),
        }
    }

    pub(super) fn spend(&self, steps: u32) -> Result<()> {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| Fault::new("the template does too much work for one delivery"))
    }

    /// Pays for going through `bytes`.
    pub(super) fn spend_bytes(&self, bytes: usize) -> Result<()> {
        self.spend(u32::try_from(bytes / GRAIN).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Takes `count` iterations before the first of them runs.
    pub(super) fn iterate(&self, count: usize) -> Result<()> {
        let left = u32::try_from(count).ok().and_then(|count| self.iterations.get().checked_sub(count));
        let Some(left) = left else {
            return Err(Fault::new(format!("the template's loops run more than {ITERATIONS} times in all")));
        };
        self.iterations.set(left);
        Ok(())
    }

    /// Takes the room for what a rendering keeps to its end.
    pub(super) fn keep(&self, bytes: usize) -> Result<()> {
        let Some(left) = self.stored.get().checked_sub(bytes) else {
            return Err(Fault::new("the template stores too much text in its variables"));
        };
        self.stored.set(left);
        Ok(())
    }

    /// Remembers the first list or object that is made into text although nothing asked for it.
    pub(super) fn note(&self, value: &Value<'_>) {
        if self.compound.get().is_some() || !matches!(value, Value::List(_) | Value::Object(_)) {
            return;
        }
        let mut out = Out { text: String::new(), values: Vec::new(), most: NOTED, meter: self };
        // What goes beyond the room is not shown.
        let is_whole = out.json(value).is_ok();
        let json = out.text + if is_whole { "" } else { "…" };
        let _first = self.compound.set(Compound { is_list: matches!(value, Value::List(_)), json });
    }

    /// What [`Self::note`] remembers.
    pub(super) fn compound(&self) -> Option<Compound> {
        self.compound.get().cloned()
    }

    /// Pays for a value that is gone through, and gives its weight.
    pub(super) fn weigh(&self, value: &Value<'_>) -> Result<usize> {
        let weight = weight(value, VALUE);
        self.room(weight)?;
        Ok(weight)
    }

    /// Refuses a value before it is made.
    pub(super) fn room(&self, bytes: usize) -> Result<()> {
        if bytes > VALUE {
            return Err(too_large());
        }
        self.spend_bytes(bytes)
    }
}

fn too_large() -> Fault {
    Fault::new("the template works on a value of more than 1 MiB")
}

/// About how many bytes the value takes; stops counting beyond `most`.
fn weight(value: &Value<'_>, most: usize) -> usize {
    const NODE: usize = 24;
    let mut total = NODE;
    let mut add = |name: &str, value: &Value<'_>| {
        total += name.len() + weight(value, most.saturating_sub(total));
        total <= most
    };
    match value {
        Value::List(list) => {
            let _ = list.iter().all(|item| add("", &item));
        }
        Value::Object(object) => {
            let _ = object.iter().all(|(name, member)| add(&name, &member));
        }
        _ => total += value.scalar().map_or(0, str::len),
    }
    total
}

/// Where text goes: never more than its limit.
pub(super) struct Out<'m> {
    text: String,
    /// The bytes that outputs wrote; those that lie side by side as one.
    values: Vec<Range<usize>>,
    most: usize,
    meter: &'m Meter,
}

impl<'m> Out<'m> {
    /// For what a template or a capture gives.
    pub(super) fn new(meter: &'m Meter) -> Self {
        Self { text: String::new(), values: Vec::new(), most: OUTPUT, meter }
    }

    /// For one value on its way through a filter.
    pub(super) fn value(meter: &'m Meter) -> Self {
        Self { text: String::new(), values: Vec::new(), most: VALUE, meter }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The text, and the bytes of it that outputs wrote.
    pub(super) fn into_parts(self) -> (String, Vec<Range<usize>>) {
        (self.text, self.values)
    }

    /// An output: a value where the template has text around it.
    pub(super) fn write_value(&mut self, value: &Value<'_>) -> Result<()> {
        self.meter.note(value);
        let start = self.text.len();
        self.write(value)?;
        match self.values.last_mut() {
            Some(last) if last.end == start => last.end = self.text.len(),
            _ => self.values.push(start..self.text.len()),
        }
        Ok(())
    }

    pub(super) fn push(&mut self, text: &str) -> Result<()> {
        if self.text.len() + text.len() > self.most {
            return Err(match self.most {
                OUTPUT => Fault::new(format!("the template's output is longer than {} KiB", OUTPUT / 1024)),
                _ => too_large(),
            });
        }
        self.meter.spend_bytes(text.len())?;
        self.text.push_str(text);
        Ok(())
    }

    /// A value as it is shown: the items of a list one after the other, an object as JSON.
    pub(super) fn write(&mut self, value: &Value<'_>) -> Result<()> {
        match value {
            Value::Nil | Value::Empty | Value::Blank => Ok(()),
            Value::List(list) => list.iter().try_for_each(|item| {
                self.meter.spend(1)?;
                self.write(&item)
            }),
            Value::Object(_) => self.json(value),
            Value::Range(first, last) => self.push(&format!("{first}..{last}")),
            _ => self.push(value.scalar().unwrap_or_default()),
        }
    }

    /// A value as JSON; numbers keep their digits and objects their order.
    pub(super) fn json(&mut self, value: &Value<'_>) -> Result<()> {
        match value {
            Value::Nil | Value::Empty | Value::Blank => self.push("null"),
            Value::Bool(_) | Value::Number(_) => self.push(value.scalar().unwrap_or_default()),
            Value::List(list) => self.joined(list.iter(), ("[", "]"), |out, item| out.json(&item)),
            Value::Range(first, last) => {
                self.joined((*first..=*last).map(Value::whole), ("[", "]"), |out, item| out.json(&item))
            }
            Value::Object(object) => self.joined(object.iter(), ("{", "}"), |out, (name, member)| {
                out.quoted(&name)?;
                out.push(":")?;
                out.json(&member)
            }),
            Value::Text(_) | Value::Time(_) => self.quoted(value.scalar().unwrap_or_default()),
        }
    }

    fn joined<T>(
        &mut self,
        items: impl Iterator<Item = T>,
        (open, close): (&str, &str),
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        self.push(open)?;
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.push(",")?;
            }
            write(self, item)?;
        }
        self.push(close)
    }

    fn quoted(&mut self, text: &str) -> Result<()> {
        let quoted =
            serde_json::to_string(text).map_err(|_| Fault::new("a text cannot be written as JSON"))?;
        self.push(&quoted)
    }
}

/// The text of any value, as [`Out::write`] has it.
pub(super) fn text_of<'r>(value: &Value<'r>, meter: &Meter) -> Result<Text<'r>> {
    match value {
        Value::Text(text) | Value::Number(text) => Ok(text.clone()),
        Value::Nil => Ok(Text::Part("")),
        _ => {
            let mut out = Out::value(meter);
            out.write(value)?;
            Ok(out.into_text().into())
        }
    }
}
