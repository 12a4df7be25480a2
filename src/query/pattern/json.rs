//! JSON with the place of every value, so that a mistake in a pattern can be shown where it stands.

use crate::error::Error;

/// How deep objects and arrays may hold one another.
const DEEPEST: u8 = 64;

/// The largest pattern that is read, in bytes; EventBridge itself takes 4096 characters at the most.
const LARGEST: usize = 16 << 10;

/// A value, and where it starts.
#[derive(Debug)]
pub(super) struct PatternValue {
    pub(super) at: usize,
    pub(super) kind: PatternKind,
}

#[derive(Debug)]
pub(super) enum PatternKind {
    Object(Vec<PatternMember>),
    Array(Vec<PatternValue>),
    Text(String),
    /// As it was written.
    Number(String),
    Flag(bool),
    Null,
}

/// A member of an object, and where its name starts.
#[derive(Debug)]
pub(super) struct PatternMember {
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) value: PatternValue,
}

/// What is wrong, and where: the byte, and the fields that lead there.
#[derive(Debug)]
pub(super) struct PatternMistake {
    at: usize,
    path: String,
    message: String,
    hint: Option<String>,
}

impl PatternMistake {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, path: String::new(), message: message.into(), hint: None }
    }

    /// Says which field it is about.
    pub(super) fn of(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns it as an error about `text`.
    pub(super) fn error(self, text: &str) -> Error {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let field = if self.path.is_empty() { String::new() } else { format!(" (`{}`)", self.path) };
        let message = format!("{} at line {line}, column {column}{field}", self.message);
        let error = Error::new(message).excerpt(text, self.at);
        match self.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// Reads one value and nothing behind it.
pub(super) fn read(text: &str) -> Result<PatternValue, PatternMistake> {
    if text.len() > LARGEST {
        return Err(PatternMistake::new(LARGEST, format!("more than {LARGEST} bytes")));
    }
    let mut reader = PatternReader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.wrong("nothing behind the pattern")),
    }
}

struct PatternReader<'t> {
    text: &'t str,
    at: usize,
    depth: u8,
}

impl PatternReader<'_> {
    /// Returns the next character that is no white space, and stands before it.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at = self.text.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']).len();
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        self.at += if is_next { c.len_utf8() } else { 0 };
        is_next
    }

    fn expect(&mut self, c: char) -> Result<(), PatternMistake> {
        if self.eat(c) { Ok(()) } else { Err(self.wrong(&format!("`{c}`"))) }
    }

    fn wrong(&mut self, expected: &str) -> PatternMistake {
        let found = self.peek().map_or("the end".to_owned(), |c| format!("`{c}`"));
        PatternMistake::new(self.at, format!("expected {expected}, found {found}"))
    }

    fn value(&mut self) -> Result<PatternValue, PatternMistake> {
        let next = self.peek();
        let at = self.at;
        let kind = match next {
            Some('{' | '[') if self.depth == DEEPEST => {
                return Err(PatternMistake::new(at, format!("more than {DEEPEST} levels")));
            }
            Some('{') => PatternKind::Object(self.nested(Self::member, '}')?),
            Some('[') => PatternKind::Array(self.nested(Self::value, ']')?),
            Some('"') => PatternKind::Text(self.string()?),
            Some('-' | '0'..='9') => PatternKind::Number(self.number()?),
            Some('t' | 'f' | 'n') => self.word()?,
            _ => return Err(self.wrong("a value")),
        };
        Ok(PatternValue { at, kind })
    }

    /// The elements of an array or the members of an object.
    fn nested<T>(
        &mut self,
        each: fn(&mut Self) -> Result<T, PatternMistake>,
        end: char,
    ) -> Result<Vec<T>, PatternMistake> {
        self.at += 1;
        self.depth += 1;
        let mut all = Vec::new();
        // The guide itself has a comma behind the last member in an example.
        while !self.eat(end) {
            all.push(each(self)?);
            if !self.eat(',') {
                if !self.eat(end) {
                    return Err(self.wrong(&format!("`,` or `{end}`")));
                }
                break;
            }
        }
        self.depth -= 1;
        Ok(all)
    }

    fn member(&mut self) -> Result<PatternMember, PatternMistake> {
        if self.peek() != Some('"') {
            return Err(self.wrong("the name of a field in double quotes"));
        }
        let at = self.at;
        let name = self.string()?;
        self.expect(':')?;
        Ok(PatternMember { at, name, value: self.value()? })
    }

    fn string(&mut self) -> Result<String, PatternMistake> {
        let from = self.at;
        let rest = &self.text.as_bytes()[from + 1..];
        let mut skip = false;
        let end = rest.iter().position(|byte| {
            let is_end = *byte == b'"' && !skip;
            skip = *byte == b'\\' && !skip;
            is_end
        });
        let Some(end) = end else { return Err(PatternMistake::new(from, "a string without an end")) };
        self.at = from + end + 2;
        serde_json::from_str(&self.text[from..self.at]).map_err(|error| {
            PatternMistake::new(
                from + error.column().saturating_sub(1),
                "an escape that JSON does not have, or a raw line break",
            )
        })
    }

    fn number(&mut self) -> Result<String, PatternMistake> {
        let from = self.at;
        let rest = &self.text[from..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        self.at += end;
        let number = &rest[..end];
        match serde_json::from_str::<f64>(number) {
            Ok(_) => Ok(number.to_owned()),
            Err(_) => Err(PatternMistake::new(from, format!("expected a number, found `{number}`"))),
        }
    }

    fn word(&mut self) -> Result<PatternKind, PatternMistake> {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
        let kind = match word {
            "true" => PatternKind::Flag(true),
            "false" => PatternKind::Flag(false),
            "null" => PatternKind::Null,
            _ => return Err(self.wrong("a value").hint("text stands in double quotes")),
        };
        self.at += word.len();
        Ok(kind)
    }
}
