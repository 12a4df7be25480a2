//! The characters of a pattern, and where a mistake stands among them.

use crate::error::Error;

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct FilterMistake {
    at: usize,
    expected: String,
    hint: Option<String>,
}

impl FilterMistake {
    pub(super) fn new(at: usize, expected: impl Into<String>) -> Self {
        Self { at, expected: expected.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns it as an error about `text`.
    pub(super) fn error(self, text: &str) -> Error {
        let (before, after) = text.split_at(self.at.min(text.len()));
        let found = match after.chars().next() {
            Some(c) => {
                let word: String = after.chars().take_while(|c| c.is_ascii_alphanumeric()).take(20).collect();
                format!("`{}`", if word.is_empty() { c.to_string() } else { word })
            }
            None => "the end".to_owned(),
        };
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let place = match before.matches('\n').count() {
            0 => format!("column {column}"),
            lines => format!("line {}, column {column}", lines + 1),
        };
        let error = Error::new(format!("expected {} at {place}, found {found}", self.expected))
            .excerpt(text, self.at);
        match self.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// A pattern that is being read.
pub(super) struct FilterScanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> FilterScanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns where it stands, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes `text`, if it stands here.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let is_here = self.rest().starts_with(text);
        self.at += if is_here { text.len() } else { 0 };
        is_here
    }

    /// Takes a word of letters, case ignored, if it stands here as a whole.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let letters = self.rest().bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_here = self.rest()[..letters].eq_ignore_ascii_case(word);
        self.at += if is_here { letters } else { 0 };
        is_here
    }

    /// Takes the characters up to the first that `is_part` refuses.
    pub(super) fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Takes what stands between two `%`, the first of which is taken already.
    pub(super) fn regex(&mut self) -> Result<regex_automata::meta::Regex, FilterMistake> {
        let start = self.at;
        let inside = self.take(|c| c != '%');
        if !self.eat("%") {
            return Err(FilterMistake::new(self.at, "`%` at the end of the regular expression"));
        }
        super::regex::compile_regex(inside, start)
    }

    /// Takes a string, the `quote` in front of which is taken already. A backslash stands before a
    /// quote or a backslash that is meant as it is, and for itself elsewhere.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, FilterMistake> {
        let mut string = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                c if c == quote => return Ok(string),
                '\\' if self.eat("\\") => string.push('\\'),
                '\\' if self.peek() == Some(quote) => {
                    self.at += quote.len_utf8();
                    string.push(quote);
                }
                c => string.push(c),
            }
        }
        Err(FilterMistake::new(self.at, format!("`{quote}` at the end of the string")))
    }
}
