//! A first look at a template before Liquid parses it: which names it uses, whether it nests within
//! bounds, and a form of it that Liquid's grammar reads as people mean it.

mod tokens;

use std::collections::HashSet;

use super::fault::Fault;
use super::frame::NAMED;
use crate::step_error::shown;
use tokens::{Token, tokens};

/// Blocks within blocks.
const DEPTH: usize = 32;
/// Brackets within brackets, which the parser goes through one inside the other.
const BRACKETS: usize = 8;

/// What a look at a template finds.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The template for Liquid's parser; `None` where the text holds no code.
    pub(super) code: Option<String>,
    /// The names it reads, each as its segments, each once; names that the template itself sets are left
    /// out.
    pub(super) names: Vec<Vec<String>>,
}

/// Words that are no names.
const WORDS: [&str; 10] =
    ["true", "false", "nil", "null", "empty", "blank", "and", "or", "contains", "reversed"];
/// Words that Liquid's grammar also sees at the beginning of a longer name.
const GREEDY: [&str; 6] = ["true", "false", "nil", "null", "empty", "blank"];
const BLOCKS: [&str; 7] = ["for", "tablerow", "if", "unless", "case", "capture", "ifchanged"];

/// Looks at a template; `filters` and `tags` are those that there are.
pub(super) fn scan(
    text: &str,
    filters: &dyn Fn(&str) -> bool,
    tags: &dyn Fn(&str) -> bool,
) -> Result<Scan, Fault> {
    let mut scanner =
        Scanner { text, at: 0, out: String::new(), found: Found::default(), depth: 0, filters, tags };
    let mut code = false;
    while let Some(next) = scanner.next_code() {
        code = true;
        scanner.copy(next);
        if text[next..].starts_with("{{") { scanner.output()? } else { scanner.tag()? }
    }
    scanner.copy(text.len());
    let Found { names, own } = scanner.found;
    let mut seen = HashSet::new();
    let names = names.into_iter().filter(|name| {
        let set_here = name.first().is_some_and(|root| own.contains(root));
        !set_here && seen.insert(name.clone())
    });
    Ok(Scan { names: names.collect(), code: code.then_some(scanner.out) })
}

/// Names as they come up: those that are read, and those that the template itself sets.
#[derive(Default)]
struct Found {
    names: Vec<Vec<String>>,
    own: HashSet<String>,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    out: String,
    found: Found,
    depth: usize,
    filters: &'t dyn Fn(&str) -> bool,
    tags: &'t dyn Fn(&str) -> bool,
}

impl<'t> Scanner<'t> {
    fn next_code(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let braces = rest.match_indices('{').map(|(at, _)| at);
        let mut starts = braces.filter(|at| rest[*at..].starts_with("{{") || rest[*at..].starts_with("{%"));
        starts.next().map(|at| self.at + at)
    }

    /// Takes the text up to a place as it is.
    fn copy(&mut self, to: usize) {
        self.out.push_str(&self.text[self.at..to]);
        self.at = to;
    }

    fn fault(&self, at: usize, what: impl Into<String>) -> Fault {
        Fault::at(self.text, at, what)
    }

    /// Where the code that begins here ends, before its closing braces. Quoted text may hold braces.
    fn end(&self, open: &str, close: &str) -> Result<usize, Fault> {
        let mut quote = None;
        for (at, c) in self.text[self.at + 2..].char_indices() {
            let place = self.at + 2 + at;
            match quote {
                Some(open) if c == open => quote = None,
                Some(_) => {}
                None if c == '\'' || c == '"' => quote = Some(c),
                None if self.text[place..].starts_with(close) => return Ok(place),
                None => {}
            }
        }
        let what = if quote.is_some() { "a quote is not closed in" } else { "is not closed:" };
        Err(self.fault(self.at, format!("{what} {open} … {close}")))
    }

    fn output(&mut self) -> Result<(), Fault> {
        let end = self.end("{{", "}}")?;
        self.body(end, None)
    }

    fn tag(&mut self) -> Result<(), Fault> {
        let end = self.end("{%", "%}")?;
        let inner = self.text[self.at + 2..end].trim_start_matches('-').trim_start();
        let length = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = &inner[..length];
        match name {
            "raw" | "comment" => return self.verbatim(name, end),
            "" => return Err(self.fault(self.at, "a tag has no name")),
            "else" | "elsif" | "when" => {}
            _ if name.starts_with("end") => match self.depth.checked_sub(1) {
                Some(depth) => self.depth = depth,
                None => return Err(self.fault(self.at, format!("{} closes nothing", shown(name)))),
            },
            _ if BLOCKS.contains(&name) => self.depth += 1,
            _ if (self.tags)(name) => {}
            _ => return Err(self.fault(self.at, format!("there is no tag {}", shown(name)))),
        }
        if self.depth > DEPTH {
            return Err(self.fault(self.at, format!("blocks stand more than {DEPTH} deep in one another")));
        }
        self.body(end, Some(name))
    }

    /// `raw` and `comment` hold text that is no code.
    fn verbatim(&mut self, name: &str, end: usize) -> Result<(), Fault> {
        let mut open = 1;
        let mut at = end;
        while let Some(found) = self.text[at..].find("{%") {
            at += found + 2;
            let inner = self.text[at..].trim_start_matches('-').trim_start();
            if inner.strip_prefix("end").is_some_and(|rest| rest.starts_with(name)) {
                open -= 1;
            } else if name == "comment" && inner.starts_with(name) {
                open += 1;
            }
            if open == 0 {
                let close = self.text[at..].find("%}").map_or(self.text.len(), |close| at + close + 2);
                self.copy(close);
                return Ok(());
            }
        }
        Err(self.fault(self.at, format!("“{name}” is not closed")))
    }

    /// The code between braces: takes its names and writes it down as the grammar wants it.
    fn body(&mut self, end: usize, tag: Option<&'t str>) -> Result<(), Fault> {
        let start = self.at + 2;
        let all = tokens(&self.text[start..end]).map_err(|(at, what)| self.fault(start + at, what))?;
        let mut names =
            Names { all: &all, tag, found: &mut self.found, filters: self.filters, rewritten: Vec::new() };
        names.read().map_err(|(at, what)| Fault::at(self.text, start + at, what))?;
        let rewritten = names.rewritten;
        self.copy(start);
        for (at, token) in all.iter().enumerate() {
            if rewritten.contains(&at) {
                self.out.push_str(NAMED);
                self.out.push('.');
            }
            token.write(&self.text[start..end], &mut self.out);
        }
        self.at = end;
        self.copy(end + 2);
        Ok(())
    }
}

/// The names in one piece of code.
struct Names<'a> {
    all: &'a [Token<'a>],
    tag: Option<&'a str>,
    found: &'a mut Found,
    filters: &'a dyn Fn(&str) -> bool,
    /// The places of names that Liquid would take for a word.
    rewritten: Vec<usize>,
}

impl Names<'_> {
    fn read(&mut self) -> Result<(), (usize, String)> {
        let mut at = 0;
        let mut words = 0;
        let mut after_pipe = false;
        while let Some(token) = self.all.get(at) {
            match token {
                Token::Name { name, start } => {
                    words += 1;
                    let named = self.next_is(at, ':');
                    if after_pipe {
                        if !(self.filters)(name) {
                            return Err((*start, format!("there is no filter {}", shown(name))));
                        }
                    } else if !self.is_word(words, name) {
                        if self.sets(words) {
                            self.found.own.insert((*name).to_owned());
                        } else if !named || self.tag == Some("when") {
                            at = self.path(at, 0)?;
                            continue;
                        }
                    }
                    after_pipe = false;
                }
                Token::Symbol { symbol: '|' } => after_pipe = true,
                Token::Blank => {}
                _ => after_pipe = false,
            }
            at += 1;
        }
        Ok(())
    }

    /// Whether a name says what to do instead of naming a value. The first of a tag is the tag.
    fn is_word(&self, words: usize, name: &str) -> bool {
        let head = self.tag.is_some() && words == 1;
        let keyword = WORDS.contains(&name) && (name != "reversed" || self.tag == Some("for"));
        head || keyword || (words == 3 && name == "in" && self.is_loop())
    }

    fn is_loop(&self) -> bool {
        matches!(self.tag, Some("for" | "tablerow"))
    }

    /// Whether the second name of this tag is one that it sets.
    fn sets(&mut self, words: usize) -> bool {
        if self.is_loop() {
            self.found.own.extend(["forloop".to_owned(), "tablerowloop".to_owned()]);
        }
        words == 2
            && (self.is_loop() || matches!(self.tag, Some("assign" | "capture" | "increment" | "decrement")))
    }

    fn next_is(&self, at: usize, wanted: char) -> bool {
        let next = self.all[at + 1..].iter().find(|token| !matches!(token, Token::Blank));
        matches!(next, Some(Token::Symbol { symbol }) if *symbol == wanted)
    }

    /// Takes the path that begins at a name, and gives the place after it.
    fn path(&mut self, start: usize, depth: usize) -> Result<usize, (usize, String)> {
        let mut segments = Vec::new();
        let mut at = start;
        // Behind an index that is itself a value, what follows cannot be known.
        let mut open = true;
        if let Some(Token::Name { name, start: place }) = self.all.get(at) {
            if depth > BRACKETS {
                return Err((*place, format!("brackets stand more than {BRACKETS} deep in one another")));
            }
            if GREEDY.iter().any(|word| name.starts_with(word)) {
                self.rewritten.push(at);
            }
            segments.push((*name).to_owned());
            at += 1;
        }
        loop {
            match (self.all.get(at), self.all.get(at + 1)) {
                (Some(Token::Symbol { symbol: '.' }), Some(Token::Name { name, .. })) => {
                    if open {
                        segments.push((*name).to_owned());
                    }
                    at += 2;
                }
                (Some(Token::Symbol { symbol: '[' }), _) => {
                    let (key, next) = self.index(at + 1, depth)?;
                    open = open && key.is_some();
                    segments.extend(key.filter(|_| open));
                    at = next;
                }
                _ => break,
            }
        }
        self.found.names.push(segments);
        Ok(at)
    }

    /// What stands between brackets: its text where it is a constant; and the place after them.
    fn index(&mut self, start: usize, depth: usize) -> Result<(Option<String>, usize), (usize, String)> {
        let skip = |mut at: usize| {
            while matches!(self.all.get(at), Some(Token::Blank)) {
                at += 1;
            }
            at
        };
        let mut at = skip(start);
        let key = match self.all.get(at) {
            Some(Token::Text { text, .. } | Token::Number { text }) => {
                at += 1;
                Some((*text).to_owned())
            }
            Some(Token::Name { name, .. }) if !WORDS.contains(name) => {
                at = self.path(at, depth + 1)?;
                None
            }
            _ => None,
        };
        while !matches!(self.all.get(at), None | Some(Token::Symbol { symbol: ']' })) {
            at += 1;
        }
        Ok((key, (at + 1).min(self.all.len())))
    }
}
