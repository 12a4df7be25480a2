//! The names that stand in logs: of calls, services, errors, callers and resources, to be named to somebody who asked
//! for one that is not there.

use super::Coverage;
use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use crate::catalog::Catalog;
use crate::event::Event;
use std::collections::HashMap;
use strsim::osa_distance;

/// Of each kind so many names are kept: there may be a million that somebody made up.
const MOST: usize = 50_000;

/// The names that were met, each with the number of its events.
#[derive(Debug, Default)]
pub struct NameCounts(HashMap<String, u64>);

impl NameCounts {
    fn add(&mut self, name: &str, events: u64) {
        let has_room = self.0.len() < MOST;
        match self.0.get_mut(name) {
            Some(known) => *known += events,
            None if has_room && !name.is_empty() => _ = self.0.insert(name.to_owned(), events),
            None => {}
        }
    }

    fn merge(&mut self, other: Self) {
        other.0.iter().for_each(|(name, events)| self.add(name, *events));
    }

    /// Returns the names that are most like `typed`, the nearest first, with the number of their events.
    pub fn nearest<'n>(&'n self, typed: &str, shown: usize) -> Vec<(&'n str, u64)> {
        let typed = typed.to_lowercase();
        if typed.is_empty() {
            return Vec::new();
        }
        let near = |(name, events): (&'n String, &u64)| {
            let bare = name.rsplit('/').next().unwrap_or(name).to_lowercase();
            let far = [name.to_lowercase(), bare].iter().filter_map(|it| distance(&typed, it)).min()?;
            Some((far, name.as_str(), *events))
        };
        let mut found: Vec<(usize, &str, u64)> = self.0.iter().filter_map(near).collect();
        found.sort_unstable();
        found.into_iter().take(shown).map(|(_, name, events)| (name, events)).collect()
    }
}

/// How far a name is from what was typed; `None` where nobody means the one by the other.
fn distance(typed: &str, name: &str) -> Option<usize> {
    // One slip in a short word or in an id, two in a longer word.
    let most = if typed.chars().count() < 5 || is_id(typed) { 1 } else { 2 };
    if is_id(typed) && typed.split('-').next() != name.split('-').next() {
        return None;
    }
    let lengths = (typed.len(), name.len());
    if lengths.0.abs_diff(lengths.1) <= most * 4 {
        let far = osa_distance(typed, name);
        if far <= most {
            return Some(far);
        }
    }
    // The beginning of a name is a name that was cut, or one that was only begun.
    let is_begin = typed.chars().count() > 3 && (name.starts_with(typed) || typed.starts_with(name));
    (is_begin && lengths.1 > 3).then_some(most + 1)
}

/// Whether a text is an id that a service gave (`i-0aaaaaaaaaaaaaaa1`): another one that looks like it is another thing.
fn is_id(text: &str) -> bool {
    let tail = text.rsplit('-').next().unwrap_or(text);
    tail.len() >= 8
        && tail.bytes().all(|byte| byte.is_ascii_hexdigit())
        && tail.bytes().any(|byte| byte.is_ascii_digit())
}

/// Everything that has a name in the events that are looked at.
#[derive(Debug, Default)]
pub struct MetNames {
    /// `eventName`.
    pub calls: NameCounts,
    /// `eventSource`, without `.amazonaws.com`.
    pub services: NameCounts,
    /// `errorCode`.
    pub errors: NameCounts,
    /// The names of callers.
    pub callers: NameCounts,
    /// Resources as they can be asked for: `AWS::S3::Bucket/payroll`.
    pub resources: NameCounts,
}

/// Looks for the names.
pub struct MetNameQuery {
    /// What tells what calls do to which resources.
    pub catalog: Catalog,
}

impl Fold for MetNameQuery {
    type Accumulator = MetNames;
    type Answer = MetNames;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { merges_copies: true, ..FoldNeeds::everything() }
    }

    fn call_interest(&self, _source: &str, _name: &str) -> Interest {
        Interest::Always
    }

    fn event(&self, met: &mut MetNames, event: &Event<'_>, _context: &EventContext<'_>) {
        met.calls.add(event.name(), 1);
        let source = event.source();
        met.services.add(source.strip_suffix(".amazonaws.com").unwrap_or(source), 1);
        met.errors.add(event.error_code().unwrap_or_default(), 1);
        let actor = event.actor();
        let mut names: Vec<&str> = [Some(actor.name.as_ref()), actor.session].into_iter().flatten().collect();
        names.dedup();
        names.into_iter().for_each(|name| met.callers.add(name, 1));
        // A bucket has millions of objects.
        for act in self.catalog.acts(event).list.iter().filter(|act| act.resource.kind != "AWS::S3::Object") {
            met.resources.add(&format!("{}/{}", act.resource.kind, act.resource.id), 1);
        }
    }

    fn merge(&self, into: &mut MetNames, part: MetNames) {
        into.calls.merge(part.calls);
        into.services.merge(part.services);
        into.errors.merge(part.errors);
        into.callers.merge(part.callers);
        into.resources.merge(part.resources);
    }

    fn finish(&self, met: MetNames, _coverage: &mut Coverage) -> MetNames {
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_first_and_far_ones_not_at_all() {
        let mut names = NameCounts::default();
        for (name, events) in [
            ("DeleteBucket", 3),
            ("DeleteBucketPolicy", 2),
            ("CreateBucket", 9),
            ("AWS::IAM::User/bert-jan", 4),
            ("AWS::IAM::Role/bert-jan-2", 1),
            ("a", 1),
        ] {
            names.add(name, events);
        }
        assert_eq!(names.nearest("DeleteBuckets", 3), [("DeleteBucket", 3)]);
        assert_eq!(names.nearest("deletebucket", 3), [("DeleteBucket", 3), ("DeleteBucketPolicy", 2)]);
        assert_eq!(
            names.nearest("bert-jann", 3),
            [("AWS::IAM::User/bert-jan", 4), ("AWS::IAM::Role/bert-jan-2", 1)]
        );
        names.add("AWS::EC2::Image/ami-0aaaaaaaaaaaaaaa1", 1);
        names.add("AWS::EC2::Instance/i-0aaaaaaaaaaaaaaa2", 1);
        assert_eq!(names.nearest("i-0aaaaaaaaaaaaaaa1", 3), [("AWS::EC2::Instance/i-0aaaaaaaaaaaaaaa2", 1)]);
        assert!(names.nearest("payroll", 3).is_empty());
        assert!(names.nearest("", 3).is_empty());
    }
}
