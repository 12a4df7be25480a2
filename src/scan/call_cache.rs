//! Which calls a job cares for, as far as they were met: it is asked once for each.

use super::Job;
use crate::answer::Interest;
use crate::hash::Seeded;
use std::collections::HashMap;

/// What calls of one name are to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInterest {
    /// Whether they may match at all.
    pub may_match: bool,
    /// Whether they matter though they name nothing that is looked for.
    pub concern: Interest,
}

/// The sources that have a call of one name, each with what the call is to the job; there are few.
type BySource = Vec<(Box<[u8]>, CallInterest)>;

/// The calls that were met, by their names.
#[derive(Default)]
pub(super) struct CallCache(HashMap<Box<[u8]>, BySource, Seeded>);

impl CallCache {
    /// Returns what a call is to the job. What is no text may be anything.
    pub(super) fn call_interest(&mut self, source: &[u8], name: &[u8], job: &impl Job) -> CallInterest {
        let met = self.0.get(name).and_then(|met| met.iter().find(|(other, _)| **other == *source));
        if let Some((_, care)) = met {
            return *care;
        }
        let care = match (str::from_utf8(source), str::from_utf8(name)) {
            (Ok(source), Ok(name)) => job.call_interest(source, name),
            _ => CallInterest { may_match: true, concern: Interest::Always },
        };
        self.0.entry(name.into()).or_default().push((source.into(), care));
        care
    }
}
