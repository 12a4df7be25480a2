//! CloudWatch Logs filter patterns: what metric filters, such as those of the CIS benchmark, are written in.
//!
//! Two of the three forms: `{ $.eventName = ConsoleLogin }` on the JSON of a record, and terms that occur in
//! its text. The third, `[ip, user, …]`, is for logs in columns and is refused. Where the language is not
//! told in full by the Amazon CloudWatch Logs user guide ("Filter pattern syntax for metric filters,
//! subscription filters, filter log events, and Live Tail"), a comment says what is done here.

mod eval;
mod parse;
mod regex;
mod scan;
mod terms;

use super::need::Need;
use crate::error::Error;
use crate::event::Event;
use eval::MetricExpr;
use scan::FilterMistake;
pub(super) use terms::FilterTerms;

/// A filter pattern, compiled.
#[derive(Clone, Debug)]
pub struct FilterPattern(FilterForm);

#[derive(Clone, Debug)]
enum FilterForm {
    /// `{ … }`.
    Json(MetricExpr),
    /// Words, phrases and regular expressions.
    Terms(FilterTerms),
}

impl FilterPattern {
    /// Compiles a pattern. An empty one matches every event.
    ///
    /// ```
    /// use trailscan::query::FilterPattern;
    ///
    /// assert!(FilterPattern::parse(r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed*") }"#).is_ok());
    /// let error = FilterPattern::parse("{ $.eventName = }").unwrap_err();
    /// assert_eq!(error.to_string(), "expected a value at column 17, found `}`");
    /// ```
    ///
    /// # Errors
    /// When it is none, with the place of the mistake.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|mistake| mistake.error(text))
    }

    fn read(text: &str) -> Result<Self, FilterMistake> {
        match text.trim_start().chars().next() {
            Some('{') => parse::parse_json_filter(text).map(FilterForm::Json).map(Self),
            Some('[') => Err(FilterMistake::new(text.len() - text.trim_start().len(), "`{` or a term").hint(
                "`[…]` is for logs in columns; records are JSON: write `{ $.eventName = ConsoleLogin }`",
            )),
            Some('$' | '(') => Err(FilterMistake::new(text.len() - text.trim_start().len(), "`{`")
                .hint("put the whole pattern in braces: `{ $.eventName = ConsoleLogin }`")),
            _ => terms::parse(text).map(FilterForm::Terms).map(Self),
        }
    }

    /// Returns whether an event matches.
    pub fn matches(&self, event: &Event<'_>) -> bool {
        match &self.0 {
            FilterForm::Json(expr) => expr.matches(event.root()),
            FilterForm::Terms(terms) => terms.match_text(event.raw()),
        }
    }

    pub(super) fn need(&self) -> Need {
        match &self.0 {
            FilterForm::Json(expr) => expr.need(),
            FilterForm::Terms(terms) => terms.need(),
        }
    }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
