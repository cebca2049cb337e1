//! Which of the known names is meant by one that is not known: "did you mean".
//!
//! Every known name is entered once under a number for each slip that may lead to it. So looking for a name takes a
//! few looks for each of its letters, however many names are known.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

/// Letters of a name in which slips are looked for; a longer one is found in another spelling only.
const MAX_LETTERS: usize = 64;
/// Numbers of one set of names. Those that come after it is full are found in another spelling only.
const MAX_ENTRIES: usize = 1 << 20;

/// Whether two names differ in case, in separators, or in one letter added, left out, changed or swapped. The first
/// letter is right, or swapped with the second.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (crate::record::plain(one), crate::record::plain(other));
    if one == other {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - end], &b[..b.len() - end]) {
        ([x, y], [v, w]) => x == w && y == v,
        (a, b) => start > 0 && a.len() <= 1 && b.len() <= 1,
    }
}

/// `line2` beside `line1` is another line and no slip.
fn has_same_digits(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    digits(one) == digits(other)
}

/// Names that are known.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: Vec<String>,
    /// The first name under each number.
    by_number: HashMap<u64, usize>,
    /// Names entered and looks taken.
    #[cfg(test)]
    steps: std::cell::Cell<usize>,
}

impl Names {
    /// Adds a name.
    pub(crate) fn add(&mut self, name: &str) {
        let (place, spelled) = (self.known.len(), Spelled::of(name));
        self.known.push(name.to_owned());
        self.enter(spelled.number(0, spelled.whole()), place);
        if !spelled.has_room() {
            return;
        }
        for at in 1..spelled.letters.len() {
            if self.by_number.len() < MAX_ENTRIES {
                self.enter(spelled.number(at, spelled.without(at)), place);
            }
        }
    }

    fn enter(&mut self, number: u64, place: usize) {
        self.by_number.entry(number).or_insert(place);
        self.step();
    }

    /// The first known name of which this one may be a slip.
    pub(crate) fn near(&self, name: &str) -> Option<&str> {
        let spelled = Spelled::of(name);
        let mut numbers = vec![spelled.number(0, spelled.whole())];
        if spelled.has_room() {
            let many = spelled.letters.len();
            // One letter is changed, was left out, was added, or stands behind the next.
            numbers.extend((1..many).map(|at| spelled.number(at, spelled.without(at))));
            numbers.extend((1..=many).map(|at| spelled.number(at, spelled.whole())));
            numbers.extend((1..many).map(|at| spelled.number(0, spelled.without(at))));
            numbers.extend((1..many).map(|at| spelled.number(0, spelled.swapped(at))));
        }
        let places = numbers.into_iter().filter_map(|number| {
            self.step();
            self.by_number.get(&number).copied()
        });
        let is_meant = |place: &usize| {
            let known = &self.known[*place];
            is_slip(known, name) && has_same_digits(known, name)
        };
        places.filter(is_meant).min().map(|place| self.known[place].as_str())
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "only tests count"))]
    fn step(&self) {
        #[cfg(test)]
        self.steps.set(self.steps.get() + 1);
    }
}

/// A name without what people write differently, and the numbers of its beginnings.
struct Spelled {
    letters: Vec<char>,
    beginnings: Vec<u64>,
    digits: u64,
}

/// Any odd number: a text is the number that its letters are as digits to this base, without what overflows.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Spelled {
    fn of(name: &str) -> Self {
        let letters: Vec<char> = crate::record::plain(name).chars().collect();
        let mut beginnings = vec![0];
        beginnings.extend(letters.iter().scan(0, |number, letter| {
            *number = append(*number, *letter);
            Some(*number)
        }));
        let digits = name.chars().filter(char::is_ascii_digit).fold(1, append);
        Self { letters, beginnings, digits }
    }

    fn has_room(&self) -> bool {
        self.letters.len() <= MAX_LETTERS
    }

    fn whole(&self) -> u64 {
        self.beginnings[self.letters.len()]
    }

    /// A beginning, and what follows from a letter on.
    fn joined(&self, beginning: u64, from: usize) -> u64 {
        let power = (from..self.letters.len()).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let follows = self.whole().wrapping_sub(self.beginnings[from].wrapping_mul(power));
        beginning.wrapping_mul(power).wrapping_add(follows)
    }

    /// All letters but one.
    fn without(&self, at: usize) -> u64 {
        self.joined(self.beginnings[at], at + 1)
    }

    /// A letter in the place of the one before it.
    fn swapped(&self, at: usize) -> u64 {
        let beginning = append(append(self.beginnings[at - 1], self.letters[at]), self.letters[at - 1]);
        self.joined(beginning, at + 1)
    }

    /// `at`: the letter that is left out, 0 for none.
    fn number(&self, at: usize, text: u64) -> u64 {
        (text ^ self.digits.rotate_left(32)).wrapping_mul(BASE).wrapping_add(at as u64)
    }
}

fn append(number: u64, letter: char) -> u64 {
    number.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1)
}
