//! EventBridge event patterns, matched against the event that EventBridge makes of a record.
//!
//! The rules are those of the Amazon EventBridge user guide ("Comparison operators for use in event patterns")
//! and, where that is silent, of event-ruler, the library that EventBridge runs on: its README and what it
//! does with arrays. What cannot be told apart here is that numbers are compared as numbers, not as written.

mod envelope;
mod eval;
mod json;
mod leaf;
mod parse;
mod wanted;

use super::need::Need;
use crate::error::Error;
use crate::event::Event;
use leaf::PatternLeaf;

/// An event pattern, compiled.
#[derive(Clone, Debug)]
pub struct EventPattern {
    /// The fields that are tested, each by its path and in the order of the paths.
    leaves: Vec<PatternLeaf>,
    /// Which of them have to match, in one way or another: `$or` makes more than one.
    branches: Vec<Vec<usize>>,
}

impl EventPattern {
    /// Compiles a pattern.
    ///
    /// ```
    /// use trailscan::query::EventPattern;
    ///
    /// assert!(EventPattern::parse(r#"{"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Delete"}]}}"#).is_ok());
    /// let error = EventPattern::parse(r#"{"source": "aws.iam"}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "expected an array or an object at line 1, column 12 (`source`)");
    /// ```
    ///
    /// # Errors
    /// When it is none, with the place of the mistake.
    pub fn parse(text: &str) -> Result<Self, Error> {
        json::read(text)
            .and_then(|value| parse::compile_pattern(&value))
            .map_err(|mistake| mistake.error(text))
    }

    /// Returns whether an event matches: as it came, if it came as an EventBridge event, and else as
    /// EventBridge would have sent it.
    pub fn matches(&self, event: &Event<'_>) -> bool {
        let Some(bytes) = event.envelope() else { return self.match_made(event) };
        let mut parser = crate::event::EventParser::default();
        // What cannot be parsed as a whole is still matched by the record in it.
        parser.read(bytes, |outer| self.match_json(outer.root())).unwrap_or_else(|_| self.match_made(event))
    }

    /// What every match needs. Leaves that all branches share are needed for themselves.
    pub(super) fn need(&self) -> Need {
        /// More than this are not looked at, one by one, for every record.
        const MOST: usize = 64;
        let (first, rest) = self.branches.split_first().map_or((&[][..], &[][..]), |(a, b)| (&a[..], b));
        let is_shared = |leaf: &usize| rest.iter().all(|branch| branch.binary_search(leaf).is_ok());
        let shared: Vec<usize> = first.iter().copied().filter(is_shared).collect();
        let of = |leaves: &mut dyn Iterator<Item = &usize>| -> Vec<Need> {
            leaves.map(|leaf| self.leaves[*leaf].need()).collect()
        };
        let mut all = of(&mut shared.iter());
        if !rest.is_empty() && self.branches.iter().map(Vec::len).sum::<usize>() <= MOST {
            let own = |branch: &Vec<usize>| {
                Need::All(of(&mut branch.iter().filter(|leaf| shared.binary_search(leaf).is_err())))
            };
            all.push(Need::One(self.branches.iter().map(own).collect()));
        }
        Need::All(all)
    }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
