//! The words of one piece of code.

use super::fault::Fault;
use super::lexer::Code;

/// One word, with its place in the template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) at: usize,
    pub(super) kind: Kind<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// A name, or a word of the language.
    Name(&'t str),
    /// The inside of quotes, which know no escapes.
    Text(&'t str),
    /// A number with its sign.
    Number(&'t str),
    Symbol(&'static str),
}

/// Longer symbols before those that they begin with.
const SYMBOLS: [&str; 19] =
    ["==", "!=", "<>", "<=", ">=", "..", "<", ">", "=", "|", ":", ",", ".", "[", "]", "(", ")", "?", "-"];

/// Splits code into its words.
pub(super) fn tokens(code: Code<'_>) -> Result<Vec<Token<'_>>, Fault> {
    let mut words = Vec::new();
    let mut rest = code.body.trim_start();
    while let Some(c) = rest.chars().next() {
        let at = code.at + code.body.len() - rest.len();
        let (kind, length) = match c {
            '\'' | '"' => {
                let end = rest[1..].find(c).ok_or_else(|| Fault::at(at, "a quote is not closed"))?;
                (Kind::Text(&rest[1..=end]), end + 2)
            }
            _ if c.is_ascii_alphabetic() || c == '_' => {
                let name = &rest[..name_length(rest)];
                (Kind::Name(name), name.len())
            }
            _ if number_length(rest) > 0 => {
                let number = &rest[..number_length(rest)];
                (Kind::Number(number), number.len())
            }
            _ => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) => (Kind::Symbol(symbol), symbol.len()),
                None if c.is_alphanumeric() => {
                    let what = "names with other letters than a to z stand in brackets, like input['größe']";
                    return Err(Fault::at(at, what));
                }
                None => return Err(Fault::at(at, format!("“{c}” means nothing here"))),
            },
        };
        words.push(Token { at, kind });
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

/// Hyphens belong to a name, and one question mark at its end.
fn name_length(rest: &str) -> usize {
    let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    length + usize::from(rest[length..].starts_with('?'))
}

fn number_length(rest: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with('-'));
    let whole = digits(&rest[sign..]);
    let fraction = rest[sign + whole..].strip_prefix('.').map_or(0, digits);
    match (whole, fraction) {
        (0, _) => 0,
        (_, 0) => sign + whole,
        (_, _) => sign + whole + 1 + fraction,
    }
}
