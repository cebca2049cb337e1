//! The words of one piece of template code.

/// One word of code, with its place in the code.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    /// A name, or a word of the language.
    Name { name: &'a str, start: usize },
    /// Quoted text without its quotes.
    Text { text: &'a str, start: usize },
    /// A number without its sign.
    Number { text: &'a str },
    /// Anything else, one character.
    Symbol { symbol: char },
    /// Blanks of any kind and number.
    Blank,
}

impl Token<'_> {
    /// Writes the word for Liquid's grammar, which knows no tab and no whole number beyond 64 bits.
    pub(super) fn write(&self, code: &str, out: &mut String) {
        match self {
            Token::Blank => out.push(' '),
            Token::Symbol { symbol } => out.push(*symbol),
            Token::Name { name, .. } => out.push_str(name),
            // With the quotes that it was written with.
            Token::Text { text, start } => out.push_str(&code[*start..start + text.len() + 2]),
            Token::Number { text } if text.len() > 18 && !text.contains('.') => {
                // The sign, if any, is already written and belongs into the text.
                let sign = if out.ends_with(['-', '+']) { out.pop() } else { None };
                out.push('\'');
                out.extend(sign.filter(|sign| *sign == '-'));
                out.push_str(text);
                out.push('\'');
            }
            Token::Number { text } => out.push_str(text),
        }
    }
}

/// Splits code into its words. An error has its place and its sentence.
pub(super) fn tokens(code: &str) -> Result<Vec<Token<'_>>, (usize, String)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let (token, length) = match c {
            '\'' | '"' => {
                let end = rest[1..].find(c).ok_or_else(|| (at, "a quote is not closed".to_owned()))?;
                (Token::Text { text: &rest[1..=end], start: at }, end + 2)
            }
            _ if c.is_whitespace() => (Token::Blank, rest.len() - rest.trim_start().len()),
            _ if c.is_ascii_alphabetic() || c == '_' => {
                let name = &rest[..name_length(rest)];
                (Token::Name { name, start: at }, name.len())
            }
            _ if c.is_ascii_digit() => {
                let text = &rest[..number_length(rest)];
                (Token::Number { text }, text.len())
            }
            _ if c.is_alphanumeric() => {
                let what = "names with other letters than a to z stand in brackets, like input['größe']";
                return Err((at, what.to_owned()));
            }
            _ => (Token::Symbol { symbol: c }, c.len_utf8()),
        };
        words.push(token);
        at += length;
    }
    Ok(words)
}

/// A hyphen belongs to a name, but not the one that trims blanks at the end of the code.
fn name_length(rest: &str) -> usize {
    let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    if length == rest.len() && rest.ends_with('-') { length - 1 } else { length }
}

fn number_length(rest: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let fraction = rest[whole..].strip_prefix('.').map_or(0, digits);
    if fraction > 0 { whole + 1 + fraction } else { whole }
}
