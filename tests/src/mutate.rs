//! Bad input out of good: the harness of the fuzz tests. cargo-fuzz needs a nightly compiler; this one needs none, and
//! runs with all other tests.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

/// One thing done to a text.
#[derive(Debug, Clone)]
pub enum Change {
    /// A byte becomes another one.
    Put(Index, u8),
    /// Bytes go.
    Cut(Index, usize),
    /// A piece appears somewhere.
    Insert(Index, &'static str),
    /// A part stands there once more.
    Double(Index, Index),
}

const PIECES: [&str; 24] = [
    "{", "}", "[", "]", "\"", "\\", ":", ",", "null", "1e999", "-", "\\ud800", "\u{0}", "é", "{{", "}}",
    "{%", "%}", " | ", "::", ".", "%", "$ref", "goTo",
];

/// The files of `tests/fuzz/{name}`.
///
/// # Panics
/// When they cannot be read.
#[must_use]
pub fn corpus(name: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&dir)
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap_or_else(|error| panic!("{error}"))).collect()
}

/// Texts of a corpus with something done to them.
pub fn mutated(name: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let change = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        (any::<Index>(), 1_usize..20).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<Index>(), prop::sample::select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
    ];
    (prop::sample::select(corpus(name)), prop::collection::vec(change, 0..6)).prop_map(
        |(mut text, changes)| {
            changes.iter().for_each(|change| apply(&mut text, change));
            text
        },
    )
}

fn apply(text: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Put(at, byte) if !text.is_empty() => {
            let at = at.index(text.len());
            text[at] = *byte;
        }
        Change::Cut(at, length) if !text.is_empty() => {
            let from = at.index(text.len());
            text.drain(from..(from + length).min(text.len()));
        }
        Change::Insert(at, piece) => {
            let at = at.index(text.len() + 1);
            text.splice(at..at, piece.bytes());
        }
        Change::Double(from, to) if !text.is_empty() => {
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            let part = text[from.min(to)..from.max(to)].to_vec();
            text.splice(to..to, part);
        }
        Change::Put(..) | Change::Cut(..) | Change::Double(..) => {}
    }
}
