//! A text with parts of it hidden, also where they are percent-encoded, once or several times.

use std::borrow::Cow;
use std::ops::Range;

use super::HIDDEN;

/// How often a text may be encoded: a URL in a query in a URL.
const MAX_DEPTH: usize = 3;

/// `text` without what `find` finds in it as it stands, and as it reads decoded.
pub(super) fn hidden(text: &str, find: impl Fn(&[u8]) -> Vec<Range<usize>>) -> Cow<'_, str> {
    let mut spans = find(text.as_bytes());
    if has_escape(text.as_bytes()) {
        // Of every byte where it begins in `text`, and where the text ends.
        let mut starts: Vec<usize> = (0..=text.len()).collect();
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..MAX_DEPTH {
            if !has_escape(&bytes) {
                break;
            }
            (bytes, starts) = decoded(&bytes, &starts);
            spans.extend(find(&bytes).into_iter().map(|span| starts[span.start]..starts[span.end]));
        }
    }
    spans.retain(|span| !span.is_empty());
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|span| span.start);
    let (mut kept, mut at) = (Vec::with_capacity(text.len()), 0);
    for span in spans {
        if span.start >= at {
            kept.extend_from_slice(&text.as_bytes()[at..span.start]);
            kept.extend_from_slice(HIDDEN.as_bytes());
        }
        at = at.max(span.end);
    }
    kept.extend_from_slice(&text.as_bytes()[at..]);
    Cow::Owned(String::from_utf8_lossy(&kept).into_owned())
}

fn has_escape(bytes: &[u8]) -> bool {
    // Nearly no text has one, and every delivery asks for each of its headers.
    bytes.contains(&b'%') && (0..bytes.len()).any(|at| bytes[at] == b'%' && escape(bytes, at).is_some())
}

/// The byte that `%XX` at this place stands for.
fn escape(bytes: &[u8], at: usize) -> Option<u8> {
    let digits = bytes.get(at + 1..at + 3)?;
    let [high, low] = [digits[0], digits[1]].map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

fn decoded(bytes: &[u8], starts: &[usize]) -> (Vec<u8>, Vec<usize>) {
    let (mut plain, mut begins) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(starts.len()));
    let mut at = 0;
    while at < bytes.len() {
        begins.push(starts[at]);
        match escape(bytes, at).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    begins.push(starts[bytes.len()]);
    (plain, begins)
}
