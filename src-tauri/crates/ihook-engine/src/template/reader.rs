//! Reads values, filters and conditions from the words of a piece of code.

use super::ast::{Atom, Chain, Expression, FilterCall, Junction, Path, Step, Test};
use super::compare::Operator;
use super::fault::Fault;
use super::filters::{self, Filter};
use super::lexer::Code;
use super::names::Names;
use super::tokens::{Kind, Token, tokens};
use crate::step_error::shown;

/// Brackets within brackets, which are read one inside the other.
const BRACKETS: usize = 8;

type Result<T> = std::result::Result<T, Fault>;

pub(super) struct Reader<'n, 't> {
    tokens: Vec<Token<'t>>,
    at: usize,
    end: usize,
    depth: usize,
    names: &'n mut Names,
}

impl<'n, 't> Reader<'n, 't> {
    pub(super) fn new(code: Code<'t>, names: &'n mut Names) -> Result<Self> {
        Ok(Self { tokens: tokens(code)?, at: 0, end: code.end(), depth: 0, names })
    }

    pub(super) fn names(&mut self) -> &mut Names {
        self.names
    }

    fn peek(&self) -> Option<Kind<'t>> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Where the next word stands, or the code ends.
    pub(super) fn here(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |token| token.at)
    }

    fn fault<T>(&self, what: impl Into<String>) -> Result<T> {
        Err(Fault::at(self.here(), what))
    }

    pub(super) fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// Whether this comes next; it is taken if so.
    fn takes(&mut self, wanted: Kind<'_>) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn takes_symbol(&mut self, symbol: &'static str) -> bool {
        self.takes(Kind::Symbol(symbol))
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        self.takes(Kind::Name(word))
    }

    pub(super) fn expect_symbol(&mut self, symbol: &'static str) -> Result<()> {
        if self.takes_symbol(symbol) {
            Ok(())
        } else {
            self.fault(format!("“{symbol}” is expected here"))
        }
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.takes_word(word) { Ok(()) } else { self.fault(format!("{} is expected here", shown(word))) }
    }

    /// Refuses whatever still stands there; `wanted` says what could.
    pub(super) fn expect_end(&self, wanted: &str) -> Result<()> {
        if self.is_done() { Ok(()) } else { self.fault(format!("{wanted} or the end is expected here")) }
    }

    /// A name, as a loop's variable has one.
    pub(super) fn name(&mut self) -> Result<&'t str> {
        let Some(Kind::Name(name)) = self.peek() else { return self.fault("a plain name is expected here") };
        self.at += 1;
        Ok(name)
    }

    /// A name for a variable of the template: figures too, as in Liquid.
    pub(super) fn variable(&mut self) -> Result<&'t str> {
        match self.peek() {
            Some(Kind::Name(name) | Kind::Number(name)) if !name.starts_with('-') && !name.ends_with('?') => {
                self.at += 1;
                Ok(name)
            }
            _ => self.fault("a plain name is expected here"),
        }
    }

    /// A name in quotes or without.
    pub(super) fn label(&mut self) -> Result<&'t str> {
        match self.peek() {
            Some(Kind::Text(name)) => {
                self.at += 1;
                Ok(name)
            }
            _ => self.variable(),
        }
    }

    /// The name before a colon, which both are taken.
    fn key(&mut self) -> Option<&'t str> {
        let Some(Kind::Name(name)) = self.peek() else { return None };
        let next = self.tokens.get(self.at + 1).map(|token| token.kind);
        (next == Some(Kind::Symbol(":"))).then(|| self.at += 2)?;
        Some(name)
    }

    pub(super) fn value(&mut self) -> Result<Expression> {
        match self.peek() {
            Some(Kind::Text(text)) => self.constant(Expression::Text(text.into())),
            Some(Kind::Number(number)) => self.constant(Expression::Number(plain(number).into())),
            Some(Kind::Symbol("(")) => self.range(),
            Some(Kind::Symbol("[")) => {
                let root = self.index()?;
                self.path(root)
            }
            Some(Kind::Name(name)) => {
                let next = self.tokens.get(self.at + 1).map(|token| token.kind);
                let leads_on = matches!(next, Some(Kind::Symbol("." | "[")));
                match name {
                    "and" | "or" | "contains" if !leads_on => self.fault("a value is expected here"),
                    "nil" | "null" if !leads_on => self.constant(Expression::Nil),
                    "true" if !leads_on => self.constant(Expression::Bool(true)),
                    "false" if !leads_on => self.constant(Expression::Bool(false)),
                    "empty" if !leads_on => self.constant(Expression::Empty),
                    "blank" if !leads_on => self.constant(Expression::Blank),
                    _ => {
                        self.at += 1;
                        self.path(Step::Name(name.into()))
                    }
                }
            }
            _ => self.fault("a value is expected here"),
        }
    }

    fn constant(&mut self, constant: Expression) -> Result<Expression> {
        self.at += 1;
        Ok(constant)
    }

    fn range(&mut self) -> Result<Expression> {
        self.at += 1;
        let first = self.value()?;
        self.expect_symbol("..")?;
        let last = self.value()?;
        self.expect_symbol(")")?;
        Ok(Expression::Range(Box::new((first, last))))
    }

    fn path(&mut self, root: Step) -> Result<Expression> {
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some(Kind::Symbol("[")) => steps.push(self.index()?),
                Some(Kind::Symbol(".")) => {
                    self.at += 1;
                    let Some(Kind::Name(name)) = self.peek() else {
                        return self.fault(
                            "a name is expected here; a place in a list stands in brackets, like tags[0]",
                        );
                    };
                    self.at += 1;
                    steps.push(Step::Name(name.into()));
                }
                _ => break,
            }
        }
        let path = Path { root, steps };
        self.names.read(&path);
        Ok(Expression::Path(path))
    }

    /// What stands between brackets.
    fn index(&mut self) -> Result<Step> {
        self.depth += 1;
        if self.depth > BRACKETS {
            return self.fault(format!("brackets stand more than {BRACKETS} deep in one another"));
        }
        self.at += 1;
        let value = self.value()?;
        self.expect_symbol("]")?;
        self.depth -= 1;
        Ok(Step::Index(Box::new(value)))
    }

    /// A value with its filters, up to the end of the code.
    pub(super) fn chain(&mut self) -> Result<Chain> {
        let value = self.value()?;
        let mut filters = Vec::new();
        while self.takes_symbol("|") {
            filters.push(self.filter()?);
        }
        self.expect_end("a filter (|)")?;
        Ok(Chain { value, filters })
    }

    fn filter(&mut self) -> Result<FilterCall> {
        let at = self.here();
        let Some(Kind::Name(name)) = self.peek() else { return self.fault("a filter is expected here") };
        let Some(filter) = filters::named(name) else {
            return self.fault(format!("there is no filter {}", shown(name)));
        };
        self.at += 1;
        let (mut arguments, mut named) = (Vec::new(), Vec::new());
        if self.takes_symbol(":") {
            loop {
                match self.key() {
                    Some(key) => named.push((key.into(), self.value()?)),
                    None => arguments.push(self.value()?),
                }
                if !self.takes_symbol(",") {
                    break;
                }
            }
        }
        let call = FilterCall { at, filter, arguments, named };
        check(&call, filter)?;
        Ok(call)
    }

    /// A condition, up to the end of the code.
    pub(super) fn test(&mut self) -> Result<Test> {
        let mut atoms = Vec::new();
        loop {
            let left = self.value()?;
            let operator = match self.peek() {
                Some(Kind::Symbol(word) | Kind::Name(word)) => Operator::of(word),
                _ => None,
            };
            let right = match operator {
                Some(operator) => {
                    self.at += 1;
                    Some((operator, self.value()?))
                }
                None => None,
            };
            let junction = match self.peek() {
                Some(Kind::Name("and")) => Some(Junction::And),
                Some(Kind::Name("or")) => Some(Junction::Or),
                Some(_) => return self.fault("a comparison, “and” or “or” is expected here"),
                None => None,
            };
            atoms.push((Atom { left, right }, junction));
            if junction.is_none() {
                return Ok(Test(atoms));
            }
            self.at += 1;
        }
    }
}

/// Whether the filter takes that many arguments, and those that are named.
fn check(call: &FilterCall, filter: &Filter) -> Result<()> {
    let fault = |what: String| Err(Fault::at(call.at, format!("the filter “{}” {what}", filter.name)));
    let (least, most) = filter.arguments;
    if !(least..=most).contains(&call.arguments.len()) {
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        return fault(format!("takes {wanted} arguments, not {}", call.arguments.len()));
    }
    match call.named.iter().find(|(name, _)| !filter.named.contains(&&**name)) {
        Some((name, _)) => fault(format!("has no argument {}", shown(name))),
        None => Ok(()),
    }
}

/// A number without zeros in front of it.
fn plain(number: &str) -> &str {
    let zeros = number.len() - number.trim_start_matches('0').len();
    let rest = &number[zeros..];
    if zeros > 0 && !rest.starts_with(|c: char| c.is_ascii_digit()) { &number[zeros - 1..] } else { rest }
}
