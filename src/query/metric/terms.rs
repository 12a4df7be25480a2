//! Terms: what has to occur in the text of a record, what must not, and of what one must.
//!
//! `ERROR`, `"a phrase"`, `-not`, `?either ?or`, `%regular expression%`. The text is the record as it was
//! logged, byte for byte.

use super::scan::{FilterMistake, FilterScanner};
use crate::query::need::{FieldTest, Need, ValueNeed};
use crate::query::text::plain_run;
use memchr::memmem::Finder;
use regex_automata::meta::Regex;

/// The terms of a pattern.
#[derive(Clone, Debug, Default)]
pub(in crate::query) struct FilterTerms {
    all: Vec<FilterTerm>,
    none: Vec<FilterTerm>,
    /// One of these; they count only where there are no others, as the guide has it.
    one: Vec<FilterTerm>,
}

#[derive(Clone, Debug)]
enum FilterTerm {
    Phrase(Box<Finder<'static>>),
    Regex(Box<Regex>),
}

/// Reads terms.
pub(super) fn parse(text: &str) -> Result<FilterTerms, FilterMistake> {
    let mut scan = FilterScanner::new(text);
    let mut terms = FilterTerms::default();
    loop {
        scan.skip_space();
        if scan.peek().is_none() {
            return Ok(terms);
        }
        let list = if scan.eat("-") {
            scan.skip_space();
            &mut terms.none
        } else if scan.eat("?") {
            &mut terms.one
        } else {
            &mut terms.all
        };
        if let Some(term) = parse_term(&mut scan)? {
            list.push(term);
        }
    }
}

/// One term; `None` for a phrase of nothing, which is in every text.
fn parse_term(scan: &mut FilterScanner<'_>) -> Result<Option<FilterTerm>, FilterMistake> {
    if scan.eat("\"") {
        let phrase = scan.quoted('"')?;
        return Ok((!phrase.trim().is_empty()).then(|| phrase.as_str().into()));
    }
    if scan.eat("%") {
        return Ok(Some(FilterTerm::Regex(Box::new(scan.regex()?))));
    }
    let word = scan.take(|c| c.is_alphanumeric() || c == '_');
    match scan.peek() {
        Some(c) if !c.is_whitespace() => Err(FilterMistake::new(scan.at(), "a letter or a digit").hint(
            "put a term with other characters in double quotes, a condition in braces: `{ $.eventName = X }`",
        )),
        None if word.is_empty() => Err(FilterMistake::new(scan.at(), "a term")),
        Some(_) if word.is_empty() => Err(FilterMistake::new(scan.at(), "a term")),
        _ => Ok(Some(word.into())),
    }
}

impl From<&str> for FilterTerm {
    fn from(text: &str) -> Self {
        FilterTerm::Phrase(Box::new(Finder::new(text).into_owned()))
    }
}

impl FilterTerms {
    /// Returns whether a text matches.
    pub(in crate::query) fn match_text(&self, text: &[u8]) -> bool {
        let occurs = |term: &FilterTerm| term.occurs_in(text);
        let alone = self.all.is_empty() && self.none.is_empty() && !self.one.is_empty();
        self.all.iter().all(occurs)
            && !self.none.iter().any(occurs)
            && (!alone || self.one.iter().any(occurs))
    }

    pub(super) fn need(&self) -> Need {
        let text = Need::Terms(Box::new(self.clone()));
        if self.all.is_empty() && self.none.is_empty() && !self.one.is_empty() {
            return Need::All(vec![Need::One(self.one.iter().map(FilterTerm::need).collect()), text]);
        }
        Need::All(self.all.iter().map(FilterTerm::need).chain([text]).collect())
    }
}

impl FilterTerm {
    fn occurs_in(&self, text: &[u8]) -> bool {
        match self {
            FilterTerm::Phrase(phrase) => phrase.find(text).is_some(),
            FilterTerm::Regex(regex) => regex.is_match(text),
        }
    }

    fn need(&self) -> Need {
        let literal = match self {
            FilterTerm::Phrase(phrase) => std::str::from_utf8(phrase.needle()).ok().and_then(plain_run),
            FilterTerm::Regex(_) => None,
        };
        Need::Leaf(ValueNeed { literals: literal.map(|it| vec![it]), ..ValueNeed::new(FieldTest::Nothing) })
    }
}
