//! Figures as they come, and at the end the bars: met or missed.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Where a figure has to lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    AtLeast(f64),
    Below(f64),
}

impl Bar {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::Below(most) => value < most,
        }
    }
}

struct Judged {
    what: String,
    value: f64,
    unit: &'static str,
    bar: Bar,
}

/// Everything that was measured.
pub(crate) struct Report {
    short: bool,
    part: &'static str,
    figures: Vec<Value>,
    bars: Vec<Judged>,
}

impl Report {
    pub(crate) fn new(short: bool) -> Self {
        Self { short, part: "", figures: Vec::new(), bars: Vec::new() }
    }

    /// Begins a part of the table.
    pub(crate) fn part(&mut self, title: &'static str) {
        self.part = title;
        say(&format!("\n{title}"));
    }

    /// One line of the table.
    pub(crate) fn figure(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        let what = what.into();
        say(&format!("  {what:<66} {:>10} {unit}", shown(value)));
        self.figures.push(json!({ "part": self.part, "what": what, "value": value, "unit": unit }));
    }

    /// A figure that has a bar, judged at the end.
    pub(crate) fn judge(&mut self, what: impl Into<String>, value: f64, unit: &'static str, bar: Bar) {
        self.bars.push(Judged { what: what.into(), value, unit, bar });
    }

    /// Bar by bar: figure, bar, met or missed.
    pub(crate) fn conclude(&self) {
        say("\nBars");
        for judged in &self.bars {
            let (word, limit) = match judged.bar {
                Bar::AtLeast(least) => ("at least", least),
                Bar::Below(most) => ("below", most),
            };
            let verdict = if judged.bar.met(judged.value) { "met" } else { "MISSED" };
            say(&format!(
                "  {verdict:<7} {:<66} {:>10} {} ({word} {})",
                judged.what,
                shown(judged.value),
                judged.unit,
                shown(limit)
            ));
        }
        if self.short {
            say("  The short form only shows that the command works: these figures mean nothing.");
        }
    }

    /// The same for programs.
    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let bars: Vec<Value> = self
            .bars
            .iter()
            .map(|judged| {
                json!({ "what": judged.what, "value": judged.value, "unit": judged.unit,
                        "met": judged.bar.met(judged.value) })
            })
            .collect();
        let text = format!("{:#}\n", json!({ "short": self.short, "figures": self.figures, "bars": bars }));
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// Three digits that count.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// One line. A closed pipe at the other end is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
