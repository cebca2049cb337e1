//! A recursive-descent parser for RFC 8259, bounded in depth, that knows where it is.

use std::borrow::Cow;

use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::{JsonFault, is_reserved};

/// A position in the text, in bytes.
type Offset = usize;

pub(super) struct Parser<'a> {
    text: &'a str,
    at: Offset,
    /// How deep objects and lists may nest.
    max_depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(bytes: &'a [u8], max_depth: usize) -> Result<Self, JsonFault> {
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(place("", 0, "the body begins with a byte order mark".to_owned()));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { text, at: 0, max_depth }),
            Err(error) => {
                let valid = &bytes[..error.valid_up_to()];
                let before = String::from_utf8_lossy(valid);
                Err(place(&before, before.len(), "the body is not valid UTF-8".to_owned()))
            }
        }
    }

    /// The one value of the text and where it begins.
    pub(super) fn document(&mut self) -> Result<(Offset, Value), JsonFault> {
        self.skip_blanks();
        let start = self.at;
        let value = self.value(0)?;
        self.skip_blanks();
        if self.at < self.text.len() {
            return Err(self.unexpected("nothing more may follow the value"));
        }
        Ok((start, value))
    }

    pub(super) fn fault(&self, at: Offset, message: impl Into<String>) -> JsonFault {
        place(self.text, at, message.into())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self, wanted: &str) -> JsonFault {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        match found {
            None => self.fault(self.at, format!("the body ends too early: {wanted}")),
            Some(found) => self.fault(self.at, format!("unexpected {found:?}: {wanted}")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonFault> {
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => Ok(Value::String(self.string()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.unexpected("a value must stand here")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonFault> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.fault(
            self.at,
            format!("this is not a value (did you mean {word}, or text in quotation marks?)"),
        ))
    }

    fn enter(&mut self, depth: usize) -> Result<(), JsonFault> {
        if depth > self.max_depth {
            let message = format!("the body is nested more than {} levels deep", self.max_depth);
            return Err(self.fault(self.at, message));
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.enter(depth)?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Map::new()));
        }
        // One member has room for no more: a payload may be nothing but such objects.
        let mut map = Map::with_capacity(1);
        loop {
            let key_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a name in quotation marks must stand here"));
            }
            let key = self.string()?.into_owned();
            if is_reserved(&key) {
                return Err(self.fault(key_at, format!("the name \"{key}\" is reserved")));
            }
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon must follow the name"));
            }
            self.at += 1;
            self.skip_blanks();
            match map.entry(key) {
                Entry::Vacant(free) => {
                    free.insert(self.value(depth)?);
                }
                Entry::Occupied(taken) => {
                    let message = format!("the name {:?} stands twice in one object", taken.key());
                    return Err(self.fault(key_at, message));
                }
            }
            if !self.another(b'}', "a comma or } must follow")? {
                return Ok(Value::Object(map));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.enter(depth)?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(Vec::new()));
        }
        // As of an object.
        let mut items = Vec::with_capacity(1);
        loop {
            items.push(self.value(depth)?);
            if !self.another(b']', "a comma or ] must follow")? {
                return Ok(Value::Array(items));
            }
        }
    }

    /// Whether a comma leads on, or the closing mark ends the list or object.
    fn another(&mut self, close: u8, wanted: &str) -> Result<bool, JsonFault> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn digits(&mut self) -> Result<(), JsonFault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected("a digit must stand here")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, JsonFault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        self.digits()?;
        if self.text.as_bytes()[leading] == b'0' && self.at > leading + 1 {
            return Err(self.fault(leading, "a number must not begin with 0"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.text[start..self.at].parse::<Number>() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(self.fault(start, "this is not a number")),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonFault> {
        self.at += 1;
        let start = self.at;
        self.plain_run()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
        }
        let mut decoded = self.text[start..self.at].to_owned();
        loop {
            // The run stopped at a quotation mark or at a backslash.
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(Cow::Owned(decoded));
            }
            decoded.push(self.escape()?);
            let start = self.at;
            self.plain_run()?;
            decoded.push_str(&self.text[start..self.at]);
        }
    }

    /// Up to the next quotation mark or backslash.
    fn plain_run(&mut self) -> Result<(), JsonFault> {
        loop {
            match self.peek() {
                Some(b'"' | b'\\') => return Ok(()),
                Some(byte) if byte < 0x20 => {
                    let message = "a line break or control character stands inside quotation marks";
                    return Err(self.fault(self.at, message));
                }
                Some(_) => self.at += 1,
                None => return Err(self.fault(self.at, "the body ends inside quotation marks")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let start = self.at;
        self.at += 1;
        let simple = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => return Err(self.fault(start, "this backslash sequence is not known")),
        };
        self.at += 1;
        Ok(simple)
    }

    fn unicode(&mut self, start: Offset) -> Result<char, JsonFault> {
        let first = self.four_digits(start)?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.text[self.at..].starts_with("\\u") {
                    return Err(self.fault(start, "half a character (a lone surrogate) stands here"));
                }
                self.at += 1;
                let second = self.four_digits(start)?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(self.fault(start, "half a character (a lone surrogate) stands here"));
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code)
            .ok_or_else(|| self.fault(start, "half a character (a lone surrogate) stands here"))
    }

    /// The digits after `u`, at which the parser stands.
    fn four_digits(&mut self, start: Offset) -> Result<u32, JsonFault> {
        let digits = self
            .text
            .get(self.at + 1..self.at + 5)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(self.fault(start, "four hexadecimal digits must follow \\u"));
        };
        self.at += 5;
        Ok(code)
    }
}

#[cold]
fn place(text: &str, at: Offset, message: String) -> JsonFault {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    JsonFault { message, line, column }
}
