//! Counts tests in what the test programs print.

/// Tests counted so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Takes in one line of output: cargo's, vitest's or node's own count; any other line counts nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let plain = without_colours(line);
        let words: Vec<&str> =
            plain.split([' ', '\t', ';', '.', '|', '(', ')']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            // test result: ok. 12 passed; 0 failed; 1 ignored; …
            ["test", "result:", ..] | ["Tests", ..] => {
                self.passed += before(&words, "passed");
                self.failed += before(&words, "failed");
            }
            ["ℹ" | "#", "pass", count] => self.passed += count.parse().unwrap_or(0),
            ["ℹ" | "#", "fail" | "cancelled", count] => self.failed += count.parse().unwrap_or(0),
            _ => {}
        }
    }
}

/// The number that stands before a word: the 12 of `12 passed`.
fn before(words: &[&str], word: &str) -> u64 {
    let at = words.iter().position(|other| *other == word).filter(|at| *at > 0);
    at.and_then(|at| words[at - 1].parse().ok()).unwrap_or(0)
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = rest.find('m').map_or("", |end| &rest[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], passed: u64, failed: u64) {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        assert_eq!(tally, Tally { passed, failed }, "{lines:?}");
    }

    #[test]
    fn each_test_program_is_understood() {
        check(
            &[
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            ],
            12,
            0,
        );
        check(&["test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured"], 3, 2);
        check(&["      Tests  1 failed | 41 passed (42)", " Test Files  7 passed (7)"], 41, 1);
        check(&["ℹ tests 6", "ℹ pass 5", "ℹ fail 1", "ℹ cancelled 0"], 5, 1);
        check(&["# pass 5", "# fail 0"], 5, 0);
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        check(
            &[
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m41 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (41)\u{1b}[39m",
            ],
            41,
            0,
        );
        check(&["test result: \u{1b}[32mok\u{1b}[0m. 4 passed; 0 failed"], 4, 0);
    }

    #[test]
    fn other_lines_count_nothing() {
        check(&["test receives_a_payload ... ok", "running 3 tests", "Tests are fun", "ℹ pass"], 0, 0);
    }
}
